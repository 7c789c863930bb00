package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import dev.holdfast.testkit.HoldfastCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node alone that becomes the first member of a cluster, on the data that it has. */
class EmbeddedOriginTest {

    @TempDir
    Path directory;

    @Test
    void whatAnEmbeddedNodeStoredIsServedAndRunsInTheClusterThatStartsOnItsData() throws Exception {
        String run = unique("run");
        Config embedded =
                new Config().setClusterName("test").setPartitionCount(4).setShutdownGrace(Duration.ofMillis(100));
        embedded.getStorageConfig().setDirectory(directory.resolve("node-0"));
        long finished;
        long unfinished;
        String value;
        try (HoldfastInstance alone = Holdfast.newInstance(embedded)) {
            DurableExecutorService executor = alone.getDurableExecutorService(EXECUTOR);
            var future = executor.submit(new Job(run + "-finished"));
            finished = future.getTaskId();
            value = future.get(30, TimeUnit.SECONDS);
            unfinished = executor.submit(new Job(run + "-unfinished", run)).getTaskId();
            await().untilAsserted(() -> assertThat(Runs.of(run + "-unfinished")).hasSize(1));
        }

        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).directory(directory).start()) {
            assertThat(cluster.node(2).getCluster().partitions())
                    .as("of the data, not as configured")
                    .hasSize(4);
            assertThat(result(on(cluster, 1), finished)).isEqualTo(value);
            await().untilAsserted(() -> assertThat(Runs.of(run + "-unfinished")).hasSize(2));
            Runs.gate(run).countDown();
            String second = result(on(cluster, 1), unfinished);
            assertThat(Runs.of(run + "-unfinished")).element(1).isEqualTo(second);
            cluster.awaitHealthy();

            cluster.kill(0); // the one that had it all
            assertThat(result(on(cluster, 2), finished)).isEqualTo(value);
            assertThat(result(on(cluster, 1), unfinished)).isEqualTo(second);
            assertThat(Runs.of(run + "-finished")).containsExactly(value);
            assertThat(result(
                            on(cluster, 2),
                            on(cluster, 1).submit(new Job(run + "-later")).getTaskId()))
                    .startsWith(run + "-later");
        }
    }
}
