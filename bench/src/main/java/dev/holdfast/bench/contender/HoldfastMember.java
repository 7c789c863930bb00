package dev.holdfast.bench.contender;

import dev.holdfast.Cluster;
import dev.holdfast.config.Config;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** A member of a cluster of Holdfast. */
final class HoldfastMember implements ClusterOfProcesses.Member {

    /** So many that each partition gets some. */
    private static final int SOME_KEYS = 100;

    private final HoldfastNode node;

    private HoldfastMember(HoldfastNode node) {
        this.node = node;
    }

    static HoldfastMember start(MemberPlan plan) {
        return new HoldfastMember(new HoldfastNode(config(plan)));
    }

    static Config config(MemberPlan plan) {
        Config config = HoldfastNode.config(plan.directory(), plan.poolSize())
                .setClusterName("holdfast-bench")
                .setNodeName(plan.name());
        config.getStorageConfig().setSync(plan.sync());
        config.getNetworkConfig().setEnabled(true).setPort(plan.port()).setMembers(plan.addresses());
        config.getSerializationConfig().addAllowedClasses("dev.holdfast.bench.**");
        config.getReplicationConfig().setMinInSync(plan.minInSync());
        config.getDurableExecutorConfig(HoldfastNode.EXECUTOR).setDurability(plan.durability());
        config.getDurableExecutorConfig(Config.DEFAULT_NAME).setDurability(plan.durability());
        return config;
    }

    /** Every partition is to be served, each member to lead its share, and each partition to take a task. */
    @Override
    public String missing(int members) throws Exception {
        List<Cluster.Partition> partitions = node.cluster().partitions();
        Map<String, Integer> led = new TreeMap<>();
        for (Cluster.Partition each : partitions) {
            if (!each.serving()) {
                return each.toString();
            }
            led.merge(each.primary(), 1, Integer::sum);
        }
        int share = partitions.size() / members;
        boolean spread = led.size() == members && led.values().stream().allMatch(count -> count >= share);
        return spread ? refusal() : "spread: " + led;
    }

    private String refusal() throws Exception {
        try {
            for (int key = 0; key < SOME_KEYS; key++) {
                node.executor()
                        .submitToKeyOwner(new Echo(new byte[1]), "key-" + key)
                        .get();
            }
            return "";
        } catch (RejectedExecutionException notYet) {
            return notYet.toString();
        }
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) {
        return node.submitAsync(payload);
    }

    @Override
    public Stored submit(byte[] payload) {
        return node.submit(payload);
    }

    @Override
    public byte[] retrieve(long id) throws Exception {
        return node.retrieve(id);
    }

    @Override
    public void dispose(long id) {
        node.dispose(id);
    }

    @Override
    public void close() {
        node.close();
    }
}
