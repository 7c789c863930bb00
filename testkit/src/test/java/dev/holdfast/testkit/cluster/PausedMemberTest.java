package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.testkit.HoldfastCluster;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A member in this JVM that stands still for longer than its lease, and goes on. */
class PausedMemberTest {

    private static final int PAUSED = 1;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void aPausedPrimaryIsReplacedAndNothingOfBeforeIsAnsweredWhenItGoesOn() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            Map<String, Long> stored = submit(on(cluster, 0), run, 40, "");
            Map<String, String> before = results(on(cluster, 0), stored);
            String key = keyLedBy(cluster, PAUSED);
            long finished = submitTo(on(cluster, 0), run + "-finished", key);
            assertThat(result(on(cluster, 0), finished)).isNotEmpty();
            try (HoldfastInstance client = cluster.newClientOf(PAUSED)) {
                DurableExecutorService asksThePaused = client.getDurableExecutorService(EXECUTOR);
                assertThat(result(asksThePaused, finished)).isNotEmpty();

                cluster.pause(PAUSED);
                assertThat(cluster.isRunning(PAUSED)).isFalse();
                await().until(() -> {
                    int now = cluster.primaryOf(finished);
                    return now >= 0 && now != PAUSED;
                });
                on(cluster, 0).disposeResult(finished);
                Future<Object> late = threads.submit(
                        () -> asksThePaused.retrieveResult(finished).get());
                Map<String, Long> meanwhile = submit(on(cluster, 2), run + "-meanwhile", 20, "");
                assertThat(results(on(cluster, 2), meanwhile)).hasSize(20);

                cluster.resume(PAUSED);
                assertThatThrownBy(() -> late.get(40, TimeUnit.SECONDS))
                        .hasRootCauseInstanceOf(StaleTaskIdException.class)
                        .isInstanceOf(ExecutionException.class);
                cluster.awaitHealthy();
                assertThat(results(on(cluster, PAUSED), stored)).isEqualTo(before);
                assertThat(results(on(cluster, PAUSED), meanwhile)).hasSize(20);
            }
        }
    }

    @Test
    void aPausedMemberMayBeKilledAndStartedAgain() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            Map<String, Long> stored = submit(on(cluster, 0), run, 20, "");
            cluster.pause(PAUSED);
            assertThatThrownBy(() -> cluster.pause(PAUSED)).hasMessageContaining("Does not run");
            assertThatThrownBy(() -> cluster.restart(PAUSED)).hasMessageContaining("PAUSED");
            cluster.kill(PAUSED);
            assertThatThrownBy(() -> cluster.resume(PAUSED)).hasMessageContaining("Not paused");
            assertThat(results(on(cluster, 0), stored)).hasSize(20);
            cluster.restart(PAUSED);
            cluster.awaitHealthy();
            cluster.restart(PAUSED); // one that runs
            cluster.awaitHealthy();
            assertThat(results(on(cluster, PAUSED), stored)).hasSize(20);
        }
    }

    private static long submitTo(DurableExecutorService executor, String token, String key) {
        return executor.submitToKeyOwner(new Job(token, ""), key).getTaskId();
    }
}
