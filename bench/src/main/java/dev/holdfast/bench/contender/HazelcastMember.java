package dev.holdfast.bench.contender;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.durableexecutor.DurableExecutorService;
import com.hazelcast.durableexecutor.DurableExecutorServiceFuture;
import java.util.concurrent.CompletionStage;

/**
 * A member of Hazelcast, alone or of a cluster, in memory only, with its default of 271 partitions. Its ring keeps a result until another task
 * takes its place; it is given room for 1,000 in each partition, so that none is refused.
 */
final class HazelcastMember implements ClusterOfProcesses.Member {

    static final String CLUSTER = "holdfast-bench";
    static final String EXECUTOR = "bench";
    private static final int CAPACITY = 1_000;

    private final HazelcastInstance instance;
    private final DurableExecutorService executor;

    /** A member alone, without backups. */
    HazelcastMember(int poolSize) {
        this(configOf(poolSize, 0, 0));
    }

    HazelcastMember(MemberPlan plan) {
        this(clustered(plan));
    }

    private HazelcastMember(Config config) {
        instance = Hazelcast.newHazelcastInstance(config);
        executor = instance.getDurableExecutorService(EXECUTOR);
    }

    HazelcastInstance instance() {
        return instance;
    }

    private static Config clustered(MemberPlan plan) {
        Config config = configOf(plan.poolSize(), plan.durability(), plan.port());
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).setMembers(plan.addresses());
        return config;
    }

    private static Config configOf(int poolSize, int durability, int port) {
        Config config = new Config();
        config.setClusterName(CLUSTER);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.socket.bind.any", "false");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getDurableExecutorConfig(EXECUTOR)
                .setPoolSize(poolSize)
                .setDurability(durability)
                .setCapacity(CAPACITY);
        return config;
    }

    @Override
    public String missing(int members) {
        int there = instance.getCluster().getMembers().size();
        if (there != members) {
            return "members: there=" + there;
        }
        return instance.getPartitionService().isClusterSafe() ? "" : "backups";
    }

    @Override
    public CompletionStage<byte[]> submitAsync(byte[] payload) {
        return executor.submit(new Echo(payload)); // it has no other
    }

    @Override
    public Stored submit(byte[] payload) {
        return new Handle(executor.submit(new Echo(payload)));
    }

    @Override
    public byte[] retrieve(long id) throws Exception {
        return executor.<byte[]>retrieveResult(id).get();
    }

    @Override
    public void dispose(long id) {
        executor.disposeResult(id);
    }

    @Override
    public void close() {
        instance.getLifecycleService().terminate();
    }

    private record Handle(DurableExecutorServiceFuture<byte[]> future) implements Stored {

        @Override
        public long id() {
            return future.getTaskId();
        }

        @Override
        public byte[] result() throws Exception {
            return future.get();
        }

        @Override
        public CompletionStage<byte[]> stage() {
            return future;
        }
    }
}
