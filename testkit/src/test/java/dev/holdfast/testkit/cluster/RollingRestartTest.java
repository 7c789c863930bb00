package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.testkit.HoldfastCluster;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All members are stopped and started again, one after the other, while a client submits. */
@Tag("faults")
@Tag("suite-cluster")
class RollingRestartTest {

    @Test
    void aRollingRestartLosesNothingAndRunsNothingTwice() throws Exception {
        String run = unique("run");
        Map<String, Long> stored = new ConcurrentSkipListMap<>();
        AtomicBoolean enough = new AtomicBoolean();
        try (HoldfastCluster cluster = HoldfastCluster.start(3)) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(EXECUTOR);
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                for (int i = 0; !enough.get(); i++) {
                    String token = run + "-" + i;
                    stored.put(
                            token,
                            executor.submitToKeyOwner(new Job(token), "key-" + i % 64)
                                    .getTaskId());
                }
            });
            for (int node = 0; node < 3; node++) {
                cluster.stop(node);
                cluster.restart(node);
                cluster.awaitHealthy();
            }
            enough.set(true);
            load.get(60, TimeUnit.SECONDS);

            assertThat(stored).as("tasks of the load").hasSizeGreaterThan(30);
            assertThat(results(executor, stored)).hasSameSizeAs(stored);
            eachRanOnce(stored);
        }
    }
}
