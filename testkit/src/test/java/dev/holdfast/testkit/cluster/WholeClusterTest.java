package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskOptions;
import dev.holdfast.testkit.HoldfastCluster;
import dev.holdfast.testkit.HoldfastTest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds for all members at once. */
class WholeClusterTest {

    @Test
    @HoldfastTest(nodes = 3)
    void aShutdownCountsOnEveryMemberAndOnOneThatJoins(HoldfastCluster cluster) throws Exception {
        String run = unique("run");
        Map<String, Long> stored = submit(on(cluster, 0), run, 8, run);

        on(cluster, 1).shutdown();

        for (int node = 0; node < 3; node++) {
            int asked = node;
            assertThat(on(cluster, asked).isShutdown()).isTrue();
            assertThatThrownBy(() -> on(cluster, asked).submit(new Job(run + "-late")))
                    .isInstanceOf(RejectedExecutionException.class);
        }
        int joined = cluster.join();
        assertThat(on(cluster, joined).isShutdown()).isTrue();
        assertThatThrownBy(() -> on(cluster, joined).submit(new Job(run + "-late")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(on(cluster, joined).isTerminated()).isFalse();

        Runs.gate(run).countDown(); // what was accepted still runs
        var unused = results(on(cluster, joined), stored);
        assertThat(on(cluster, joined).awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Runs.of(run + "-late")).isEmpty();

        on(cluster, 2).reopen();
        DurableExecutorServiceFuture<String> again = on(cluster, 0).submit(new Job(run + "-again"));
        assertThat(again.get(30, TimeUnit.SECONDS)).startsWith(run + "-again");
    }

    @Test
    @HoldfastTest(nodes = 2)
    void aResultWhoseTimeIsOverByTheTestsClockIsRemoved(HoldfastCluster cluster) throws Exception {
        String run = unique("run");
        DurableExecutorServiceFuture<String> brief =
                on(cluster, 0).submit(new Job(run), TaskOptions.create().resultTtl(Duration.ofHours(1)));
        DurableExecutorServiceFuture<String> lasting = on(cluster, 0).submit(new Job(run + "-lasting"));
        assertThat(result(on(cluster, 1), brief.getTaskId())).startsWith(run);
        String kept = lasting.get(30, TimeUnit.SECONDS);

        cluster.advance(Duration.ofMinutes(59));
        assertThat(result(on(cluster, 1), brief.getTaskId())).startsWith(run);

        cluster.advance(Duration.ofMinutes(2));
        await().untilAsserted(() -> assertThatThrownBy(() -> result(on(cluster, 1), brief.getTaskId()))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        StaleTaskIdException.class,
                        stale -> assertThat(stale.reason()).isEqualTo(StaleTaskIdException.Reason.EVICTED)));
        assertThat(result(on(cluster, 1), lasting.getTaskId())).isEqualTo(kept);
    }
}
