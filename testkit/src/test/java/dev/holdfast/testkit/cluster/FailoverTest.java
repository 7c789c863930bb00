package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.TaskOptions;
import dev.holdfast.testkit.HoldfastCluster;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three members, one of which is killed. */
class FailoverTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nothingThatWasStoredIsLostWhenAPrimaryIsKilled(int durability) throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).durability(durability).start()) {
            Map<String, Long> done = submit(on(cluster, 1), run + "-done", 30, "");
            Map<String, String> before = results(on(cluster, 1), done);
            Map<String, Long> open = submit(on(cluster, 1), run + "-open", 16, run);
            String ledByVictim = keyLedBy(cluster, 0);
            DurableExecutorServiceFuture<String> lost =
                    on(cluster, 1).submitToKeyOwner(new Job(run + "-lost", run), ledByVictim);
            await().untilAsserted(() -> assertThat(Runs.of(run + "-lost")).hasSize(1));

            cluster.kill(0);
            await().untilAsserted(() -> assertThat(Runs.of(run + "-lost")).hasSizeGreaterThan(1));
            Runs.gate(run).countDown();

            assertThat(results(on(cluster, 2), done)).isEqualTo(before);
            eachRanOnce(done);
            Map<String, String> opened = results(on(cluster, 2), open);
            assertThat(results(on(cluster, 1), open)).isEqualTo(opened);
            String again = lost.get(30, TimeUnit.SECONDS);
            assertThat(again).isEqualTo(result(on(cluster, 2), lost.getTaskId()));
            assertThat(Runs.of(run + "-lost").subList(1, 2)).containsExactly(again);

            cluster.restart(0);
            cluster.awaitHealthy();
            assertThat(results(on(cluster, 0), done)).isEqualTo(before);
            assertThat(results(on(cluster, 0), open)).isEqualTo(opened);
        }
    }

    @Test
    void whatAMemberSubmittedRunsOnceAlthoughItIsKilled() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            String key = keyLedBy(cluster, 1);
            DurableExecutorService submitter = on(cluster, 0);
            long first =
                    submitter.submitToKeyOwner(new Job(run + "-a", run), key).getTaskId();
            await().untilAsserted(() -> assertThat(Runs.of(run + "-a")).hasSize(1));
            long second = submitter.submitToKeyOwner(new Job(run + "-b"), key).getTaskId();

            cluster.kill(0);
            Runs.gate(run).countDown();

            Map<String, Long> stored = Map.of(run + "-a", first, run + "-b", second);
            assertThat(results(on(cluster, 2), stored)).isEqualTo(results(on(cluster, 1), stored));
            eachRanOnce(stored);
        }
    }

    @Test
    void whoWaitsForAResultGetsItAfterAFailover() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            String key = keyLedBy(cluster, 0);
            DurableExecutorServiceFuture<String> submitted = on(cluster, 1).submitToKeyOwner(new Job(run, run), key);
            long id = submitted.getTaskId();
            DurableExecutorServiceFuture<String> elsewhere = on(cluster, 2).retrieveResult(id);
            DurableExecutorServiceFuture<String> ofClient = cluster.client()
                    .getDurableExecutorService(Clustered.EXECUTOR)
                    .retrieveResult(id);
            await().untilAsserted(() -> assertThat(Runs.of(run)).hasSize(1));

            cluster.kill(0);
            await().untilAsserted(() -> assertThat(Runs.of(run)).hasSize(2));
            Runs.gate(run).countDown();

            String value = Runs.of(run).get(1);
            assertThat(submitted.get(30, TimeUnit.SECONDS)).isEqualTo(value);
            assertThat(elsewhere.get(30, TimeUnit.SECONDS)).isEqualTo(value);
            assertThat(ofClient.get(30, TimeUnit.SECONDS)).isEqualTo(value);
        }
    }

    @Test
    void anIdempotencyKeyIsTheSameTaskAfterAFailover() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            String key = keyLedBy(cluster, 0);
            TaskOptions once = TaskOptions.create().idempotencyKey(run).key(key);
            DurableExecutorServiceFuture<String> first = on(cluster, 1).submit(new Job(run), once);
            String value = first.get(30, TimeUnit.SECONDS);

            cluster.kill(0);

            DurableExecutorServiceFuture<String> second = on(cluster, 2).submit(new Job(run), once);
            assertThat(second.getTaskId()).isEqualTo(first.getTaskId());
            assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(value);
            assertThat(Runs.of(run)).hasSize(1);
        }
    }

    @Test
    void aClusterThatIsKilledAsAWholeComesBackWithEverything() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            Map<String, Long> done = submit(on(cluster, 1), run + "-done", 20, "");
            Map<String, String> before = results(on(cluster, 0), done);
            Map<String, Long> open = submit(on(cluster, 2), run + "-open", 10, run);

            cluster.killAll();
            Runs.gate(run).countDown();
            cluster.restart(0, 1, 2);

            assertThat(results(on(cluster, 1), done)).isEqualTo(before);
            eachRanOnce(done);
            assertThat(results(on(cluster, 1), open)).isEqualTo(results(on(cluster, 2), open));
        }
    }
}
