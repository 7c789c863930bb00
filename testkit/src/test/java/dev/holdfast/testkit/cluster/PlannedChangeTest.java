package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastCluster;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Members that stop in order, join and leave: nothing runs twice. */
class PlannedChangeTest {

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
            await().until(() -> IntStream.range(0, 8).anyMatch(each -> cluster.primaryOfPartition(each) == joined));
            cluster.awaitHealthy();
            stored.putAll(submit(on(cluster, joined), run + "-joined", 30, ""));
            var unused = results(on(cluster, joined), stored);

            cluster.leave(joined);
            assertThat(IntStream.range(0, 8).map(cluster::primaryOfPartition)).doesNotContain(joined);
            cluster.awaitHealthy();
            stored.putAll(submit(on(cluster, 2), run + "-left", 30, ""));
            assertThat(results(on(cluster, 2), stored)).isEqualTo(results(on(cluster, 0), stored));
            eachRanOnce(stored);
        }
    }
}
