package dev.holdfast.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.testkit.HoldfastCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What tests of a cluster in this JVM have in common. */
final class Clustered {

    static final String EXECUTOR = "orders";
    private static final long RESULT_SECONDS = 40;

    private Clustered() {}

    static String unique(String what) {
        return what + "-" + UUID.randomUUID();
    }

    static DurableExecutorService on(HoldfastCluster cluster, int node) {
        return cluster.node(node).getDurableExecutorService(EXECUTOR);
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(40)).pollInterval(Duration.ofMillis(20));
    }

    static String result(DurableExecutorService executor, long taskId) throws Exception {
        try {
            return String.valueOf(executor.retrieveResult(taskId).get(RESULT_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException e) {
            throw new AssertionError("No result: " + executor.getTask(taskId), e);
        }
    }

    /** A key of a partition that {@code node} leads. */
    static String keyLedBy(HoldfastCluster cluster, int node) {
        return await().until(
                        () -> IntStream.range(0, 1_000)
                                .mapToObj(number -> "key-" + number)
                                .filter(key -> primaryOf(cluster, key) == node)
                                .findFirst()
                                .orElse(""),
                        key -> !key.isEmpty());
    }

    static int primaryOf(HoldfastCluster cluster, String key) {
        int asked = IntStream.range(0, cluster.size())
                .filter(cluster::isRunning)
                .findFirst()
                .orElseThrow();
        return cluster.primaryOfPartition(
                cluster.node(asked).getCluster().partitionOf(EXECUTOR, key).id());
    }

    /** Submits so many, over all partitions; what was stored, by its token. */
    static Map<String, Long> submit(DurableExecutorService executor, String prefix, int count, String gate) {
        Map<String, Long> stored = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String token = prefix + "-" + i;
            DurableExecutorServiceFuture<String> future = executor.submitToKeyOwner(new Job(token, gate), "key-" + i);
            stored.put(token, future.getTaskId());
        }
        return stored;
    }

    /** Every one has a result, it is what one of its runs returned, and asked again it is the same. */
    static Map<String, String> results(DurableExecutorService executor, Map<String, Long> stored) throws Exception {
        Map<String, String> results = new LinkedHashMap<>();
        for (Map.Entry<String, Long> task : stored.entrySet()) {
            String result = result(executor, task.getValue());
            assertThat(Runs.of(task.getKey())).as(task.getKey()).contains(result);
            results.put(task.getKey(), result);
        }
        return results;
    }

    static void eachRanOnce(Map<String, Long> stored) {
        assertThat(stored.keySet())
                .allSatisfy(token -> assertThat(Runs.of(token)).as(token).hasSize(1));
    }
}
