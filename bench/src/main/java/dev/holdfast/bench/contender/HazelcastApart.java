package dev.holdfast.bench.contender;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.durableexecutor.DurableExecutorService;
import com.hazelcast.durableexecutor.DurableExecutorServiceFuture;
import com.hazelcast.partition.Partition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Members of Hazelcast in processes of their own, in memory only, and in this one a client of them or one more member. */
public final class HazelcastApart implements AutoCloseable {

    private static final long READY_SECONDS = 90;
    private static final int PARTITION_SHIFT = 32;

    private final List<MemberProcess> members;
    private final HazelcastInstance here;
    private final DurableExecutorService executor;

    private HazelcastApart(List<MemberProcess> members, HazelcastInstance here) {
        this.members = members;
        this.here = here;
        this.executor = here.getDurableExecutorService(HazelcastMember.EXECUTOR);
    }

    /** Starts them, and a client; returns when the client sees all, and every one owns partitions. */
    public static HazelcastApart start(Path directory, int poolSize, int size, int durability) throws Exception {
        MemberPlan plan = MemberPlan.apart("hazelcast", directory, poolSize, size, durability);
        return start(plan, plan.ports(), HazelcastApart::connect);
    }

    /** The same, but one of the {@code size} is in this process, in place of a client; nothing here can pick it. */
    public static HazelcastApart startWithOneHere(Path directory, int poolSize, int size, int durability)
            throws Exception {
        MemberPlan plan = MemberPlan.apart("hazelcast", directory, poolSize, size, durability);
        int last = plan.ports().get(size - 1);
        return start(plan, plan.ports().subList(0, size - 1), each -> new HazelcastMember(each.at(last)).instance());
    }

    private static HazelcastApart start(
            MemberPlan plan, List<Integer> apart, Function<MemberPlan, HazelcastInstance> here) throws Exception {
        List<MemberProcess> members = MemberProcess.startAll(plan, apart);
        try {
            HazelcastApart started = new HazelcastApart(members, here.apply(plan));
            started.awaitReady(plan.ports().size());
            return started;
        } catch (Exception e) {
            MemberProcess.closeAll(members);
            throw e;
        }
    }

    private static HazelcastInstance connect(MemberPlan plan) {
        ClientConfig config = new ClientConfig().setClusterName(HazelcastMember.CLUSTER);
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().setAddresses(plan.addresses());
        config.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(60_000);
        return HazelcastClient.newHazelcastClient(config);
    }

    private void awaitReady(int size) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (here.getCluster().getMembers().size() < size
                || members.stream().anyMatch(each -> ledBy(each.name()).isEmpty())) {
            for (MemberProcess each : members) {
                each.checkAlive();
            }
            if (System.nanoTime() - endNanos >= 0) {
                throw new IllegalStateException("They do not get ready: members="
                        + here.getCluster().getMembers().size());
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

    /** Numbers of the partitions that the member of this name owns, as this process knows. */
    public Set<Integer> ledBy(String member) {
        return here.getPartitionService().getPartitions().stream()
                .filter(each -> member.equals(ownerOf(each)))
                .map(Partition::getPartitionId)
                .collect(Collectors.toSet());
    }

    private static @Nullable String ownerOf(Partition partition) {
        return partition.getOwner() == null
                ? null
                : MemberPlan.nameAt(partition.getOwner().getAddress().getPort());
    }

    /** Not the oldest, which decides who owns what. */
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

    /** Without ceremony; what is in this process ends with it. */
    @Override
    public void close() throws InterruptedException {
        MemberProcess.closeAll(members);
    }
}
