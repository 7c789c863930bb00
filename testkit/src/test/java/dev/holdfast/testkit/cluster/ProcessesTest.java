package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.testkit.HoldfastCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members in processes of their own, which are killed and stopped by signals. */
class ProcessesTest {

    @TempDir
    Path directory;

    private static Map<Long, String> finished(DurableExecutorService executor, String prefix) throws Exception {
        Map<Long, Long> ids = new LinkedHashMap<>();
        for (long i = 0; i < 20; i++) {
            ids.put(
                    i,
                    executor.submitToKeyOwner(new Job(prefix + "-" + i), "key-" + i)
                            .getTaskId());
        }
        Map<Long, String> results = new LinkedHashMap<>();
        for (long id : ids.values()) {
            results.put(id, result(executor, id));
        }
        return results;
    }

    private static void stillThere(DurableExecutorService executor, Map<Long, String> results) throws Exception {
        for (Map.Entry<Long, String> each : results.entrySet()) {
            assertThat(result(executor, each.getKey())).isEqualTo(each.getValue());
        }
    }

    @Test
    void resultsSurviveTheKillOfTheirPrimaryAndOfAllMembers() throws Exception {
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).directory(directory).inProcesses().start()) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(EXECUTOR);
            Map<Long, String> results = finished(executor, "first");
            int primary = cluster.primaryOf(results.keySet().iterator().next());

            cluster.kill(primary);
            stillThere(executor, results);
            results.putAll(finished(executor, "second"));

            cluster.killAll();
            cluster.restart(0, 1, 2);
            stillThere(executor, results);
            assertThatThrownBy(() -> cluster.node(0))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("client()");
        }
    }

    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void aPausedPrimaryIsReplacedAndNothingOfItCountsWhenItGoesOn() throws Exception {
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).directory(directory).inProcesses().start()) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(EXECUTOR);
            Map<Long, String> results = finished(executor, "first");
            long id = results.keySet().iterator().next();
            int paused = cluster.primaryOf(id);

            cluster.pause(paused);
            await().until(() -> cluster.primaryOf(id) != paused);
            stillThere(executor, results);
            results.putAll(finished(executor, "while paused"));

            cluster.resume(paused);
            cluster.awaitHealthy(Duration.ofSeconds(60));
            stillThere(executor, results);
        }
    }

    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void aPausedMemberHearsOfTheTimeThatHasPassedWhenItGoesOn() throws Exception {
        try (HoldfastCluster cluster = HoldfastCluster.of(1)
                .directory(directory)
                .partitions(1)
                .config(config -> config.getDurableExecutorConfig(EXECUTOR)
                        .getResultRetention()
                        .setTtl(Duration.ofHours(1)))
                .inProcesses()
                .start()) {
            DurableExecutorService executor = cluster.client().getDurableExecutorService(EXECUTOR);
            long id = executor.submit(new Job("kept for an hour")).getTaskId();
            assertThat(result(executor, id)).contains("kept for an hour");

            cluster.pause(0);
            cluster.advance(Duration.ofHours(2));
            cluster.resume(0);
            await().until(() -> executor.getTask(id).isEmpty());
        }
    }
}
