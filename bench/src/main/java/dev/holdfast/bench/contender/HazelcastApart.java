package dev.holdfast.bench.contender;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.durableexecutor.DurableExecutorService;
import com.hazelcast.durableexecutor.DurableExecutorServiceFuture;
import com.hazelcast.partition.Partition;
import dev.holdfast.config.SyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Members of Hazelcast in processes of their own, in memory only, and a client of them in this one. */
public final class HazelcastApart implements AutoCloseable {

    private static final long READY_SECONDS = 90;
    private static final int PARTITION_SHIFT = 32;

    private final List<MemberProcess> members;
    private final HazelcastInstance client;
    private final DurableExecutorService executor;

    private HazelcastApart(List<MemberProcess> members, HazelcastInstance client) {
        this.members = members;
        this.client = client;
        this.executor = client.getDurableExecutorService(HazelcastMember.EXECUTOR);
    }

    /** Starts them; returns when the client sees all, and every partition has an owner. */
    public static HazelcastApart start(Path directory, int poolSize, int size, int durability) throws Exception {
        List<Integer> ports = MemberPlan.freePorts(size);
        MemberPlan plan =
                new MemberPlan("hazelcast", directory, poolSize, durability, 1, SyncPolicy.OS, ports, ports.get(0));
        List<MemberProcess> members = new ArrayList<>();
        try {
            for (int port : ports) {
                members.add(MemberProcess.start(plan.at(port)));
            }
            ClientConfig config = new ClientConfig().setClusterName(HazelcastMember.CLUSTER);
            config.setProperty("hazelcast.logging.type", "slf4j");
            config.getNetworkConfig().setAddresses(plan.addresses());
            config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(60_000);
            HazelcastApart started = new HazelcastApart(members, HazelcastClient.newHazelcastClient(config));
            started.awaitReady();
            return started;
        } catch (Exception e) {
            for (MemberProcess each : members) {
                each.close();
            }
            throw e;
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (client.getCluster().getMembers().size() < members.size()
                || members.stream().anyMatch(each -> ledBy(each.name()).isEmpty())) {
            for (MemberProcess each : members) {
                each.checkAlive();
            }
            if (System.nanoTime() - endNanos >= 0) {
                throw new IllegalStateException("They do not get ready: members="
                        + client.getCluster().getMembers().size());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Blocks until it is stored, as every submit there. */
    public DurableExecutorServiceFuture<byte[]> submit(byte[] payload, String key) {
        return executor.submitToKeyOwner(new Echo(payload), key);
    }

    /** Of a task. */
    public static int partitionOf(long taskId) {
        return (int) (taskId >>> PARTITION_SHIFT);
    }

    /** Numbers of the partitions that the member of this name owns, as the client knows. */
    public Set<Integer> ledBy(String member) {
        return client.getPartitionService().getPartitions().stream()
                .filter(each -> member.equals(ownerOf(each)))
                .map(Partition::getPartitionId)
                .collect(Collectors.toSet());
    }

    private static @Nullable String ownerOf(Partition partition) {
        return partition.getOwner() == null
                ? null
                : MemberPlan.nameAt(partition.getOwner().getAddress().getPort());
    }

    /** The youngest: the oldest of them decides who owns what. */
    public String pick() {
        return members.get(members.size() - 1).name();
    }

    /** SIGKILL. */
    public void kill(String member) {
        members.stream()
                .filter(each -> each.name().equals(member))
                .findFirst()
                .orElseThrow()
                .kill();
    }

    /** Without ceremony. */
    @Override
    public void close() throws InterruptedException {
        for (MemberProcess each : members) {
            each.close();
        }
    }
}
