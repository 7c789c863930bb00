package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.testkit.HoldfastCluster;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Members that stop in order, join and leave: nothing runs twice. */
class PlannedChangeTest {

    private static final int PARTITIONS = 8;

    /** Shorter than the tasks of the test run, so that a move which waits for one is called off. */
    private static final Duration DRAIN = Duration.ofMillis(200);

    @Test
    void aMemberThatStopsInOrderRunsNothingTwice() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            String key = keyLedBy(cluster, 0);
            long running = on(cluster, 1)
                    .submitToKeyOwner(new Job(run + "-running", run), key)
                    .getTaskId();
            await().untilAsserted(() -> assertThat(Runs.of(run + "-running")).hasSize(1));
            Map<String, Long> stored = submit(on(cluster, 0), run, 40, "");
            stored.put(run + "-running", running);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> cluster.stop(0));
            Runs.gate(run).countDown();
            stopped.get(40, TimeUnit.SECONDS);

            var unused = results(on(cluster, 2), stored);
            eachRanOnce(stored);
            cluster.restart(0);
            cluster.awaitHealthy();
            assertThat(results(on(cluster, 0), stored)).isEqualTo(results(on(cluster, 1), stored));
            eachRanOnce(stored);
        }
    }

    @Test
    void aJoiningMemberGetsPartitionsAndALeavingOneGivesThemBackAndNothingRunsTwice() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            Map<String, Long> stored = submit(on(cluster, 0), run + "-before", 30, "");

            int joined = cluster.join();
            stored.putAll(submit(on(cluster, 1), run + "-join", 30, ""));
            await().until(() ->
                    IntStream.range(0, PARTITIONS).anyMatch(each -> cluster.primaryOfPartition(each) == joined));
            cluster.awaitHealthy();
            stored.putAll(submit(on(cluster, joined), run + "-joined", 30, ""));
            var unused = results(on(cluster, joined), stored);

            cluster.leave(joined);
            assertThat(IntStream.range(0, PARTITIONS).map(cluster::primaryOfPartition))
                    .doesNotContain(joined);
            cluster.awaitHealthy();
            stored.putAll(submit(on(cluster, 2), run + "-left", 30, ""));
            assertThat(results(on(cluster, 2), stored)).isEqualTo(results(on(cluster, 0), stored));
            eachRanOnce(stored);
        }
    }

    /** One runs on each partition, so that it does not matter which ones have to move to who joins. */
    @Test
    void aMoveIsCalledOffWhileATaskRunsAndHappensWhenItHasEnded() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                        .partitions(PARTITIONS)
                        .config(config -> config.getReplicationConfig().setMoveDrain(DRAIN))
                        .start();
                HandOvers handOvers = HandOvers.listen()) {
            List<String> keys = keysOfEachPartition(cluster);
            Map<String, Long> stored = new LinkedHashMap<>();
            for (String key : keys) {
                stored.putAll(running(on(cluster, 0), run + "-" + key, run, key));
            }

            int joined = cluster.join();
            String its = cluster.node(joined).getCluster().localMember().id();
            int moving = await().until(() -> calledOff(handOvers, its::equals), partition -> partition >= 0);
            String key = keys.get(moving);
            assertThat(cluster.primaryOfPartition(moving)).isNotEqualTo(joined);
            Map<String, Long> meanwhile = running(on(cluster, 1), run + "-meanwhile", "", key);
            assertThat(results(on(cluster, 2), meanwhile))
                    .as("others start again")
                    .hasSize(1);
            assertThat(cluster.primaryOfPartition(moving)).isNotEqualTo(joined);
            eachRanOnce(stored);

            Runs.gate(run).countDown();
            await().until(() -> cluster.primaryOfPartition(moving) == joined);
            cluster.awaitHealthy();
            stored.putAll(meanwhile);
            Map<String, String> before = results(on(cluster, joined), stored);

            String last = unique("last");
            Map<String, Long> leaves = running(on(cluster, 0), last, last, key);
            DurableExecutorService other = on(cluster, 1);
            long earlier = handOvers.of(moving, to -> !to.equals(its));
            CompletableFuture<Void> left = CompletableFuture.runAsync(() -> cluster.leave(joined));
            await().until(() -> handOvers.of(moving, to -> !to.equals(its)) > earlier + 1);
            assertThat(left).as("waits for the task that runs").isNotDone();
            Runs.gate(last).countDown();
            left.get(60, TimeUnit.SECONDS);
            assertThat(cluster.primaryOfPartition(moving)).isNotEqualTo(joined);
            stored.putAll(leaves);
            assertThat(results(other, stored)).containsAllEntriesOf(before).hasSameSizeAs(stored);
            eachRanOnce(stored);
        }
    }

    /** By the number of the partition. */
    private static List<String> keysOfEachPartition(HoldfastCluster cluster) {
        Cluster view = cluster.node(0).getCluster();
        SortedMap<Integer, String> keys = new TreeMap<>();
        for (int i = 0; keys.size() < view.partitions().size(); i++) {
            keys.putIfAbsent(view.partitionOf(EXECUTOR, "key-" + i).id(), "key-" + i);
        }
        return List.copyOf(keys.values());
    }

    /** Stores a task, and waits until it has started. */
    private static Map<String, Long> running(DurableExecutorService executor, String token, String gate, String key) {
        long id = executor.submitToKeyOwner(new Job(token, gate), key).getTaskId();
        await().untilAsserted(() -> assertThat(Runs.of(token)).hasSize(1));
        return Map.of(token, id);
    }

    /** A partition whose hand-over has been begun a second time; -1 while there is none. */
    private static int calledOff(HandOvers handOvers, Predicate<String> to) {
        return IntStream.range(0, PARTITIONS)
                .filter(partition -> handOvers.of(partition, to) > 1)
                .findFirst()
                .orElse(-1);
    }
}
