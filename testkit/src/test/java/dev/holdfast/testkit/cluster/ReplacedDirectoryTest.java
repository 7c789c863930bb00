package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.eachRanOnce;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.testkit.HoldfastCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that votes, whose whole directory is another one when it starts again. */
class ReplacedDirectoryTest {

    private static final int OTHER = 0;
    private static final int REPLACED = 2;

    @TempDir
    Path elsewhere;

    @Test
    void aMemberWithAnEmptyDirectoryTakesThePlaceOfTheOneThatItWas() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3).partitions(4).start()) {
            Map<String, Long> stored = submit(on(cluster, OTHER), run, 40, "");
            Map<String, String> before = results(on(cluster, REPLACED), stored);

            cluster.stop(REPLACED);
            delete(cluster.directory(REPLACED));
            cluster.restart(REPLACED);
            cluster.awaitHealthy();
            await().until(() -> members(cluster, OTHER).size() == 3);
            assertThat(results(on(cluster, REPLACED), stored)).isEqualTo(before);

            // two of three voters are a majority; of four, one of them a directory that is gone, they would be none
            cluster.kill(OTHER);
            Map<String, Long> more = submit(on(cluster, REPLACED), run + "-more", 20, "");
            assertThat(results(on(cluster, REPLACED), more)).hasSize(20);
            assertThat(results(on(cluster, REPLACED), stored)).isEqualTo(before);
            eachRanOnce(stored);
            assertThat(more.values()).doesNotContainAnyElementsOf(stored.values());
        }
    }

    /** Which is not to be done, least of all with a voter, see operations.md; but nothing of the older copy may be believed. */
    @Test
    void aMemberOnAnOlderCopyOfItsDirectoryLearnsWhatItMissed() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3).partitions(4).start()) {
            Map<String, Long> stored = submit(on(cluster, OTHER), run, 40, "");
            Map<String, String> before = new LinkedHashMap<>(results(on(cluster, REPLACED), stored));
            long disposed = stored.remove(run + "-0");
            before.remove(run + "-0");

            cluster.stop(REPLACED);
            copy(cluster.directory(REPLACED), elsewhere.resolve("older"));
            cluster.restart(REPLACED);
            cluster.awaitHealthy();
            on(cluster, OTHER).disposeResult(disposed);
            Map<String, Long> missed = submit(on(cluster, REPLACED), run + "-missed", 40, "");
            before.putAll(results(on(cluster, REPLACED), missed));
            stored.putAll(missed);

            cluster.stop(REPLACED);
            delete(cluster.directory(REPLACED));
            copy(elsewhere.resolve("older"), cluster.directory(REPLACED));
            cluster.restart(REPLACED);
            cluster.awaitHealthy();
            assertThat(results(on(cluster, REPLACED), stored)).isEqualTo(before);

            cluster.kill(OTHER);
            assertThat(results(on(cluster, REPLACED), stored)).isEqualTo(before);
            assertThat(on(cluster, REPLACED).getTask(disposed)).isEmpty();
            Map<String, Long> more = submit(on(cluster, REPLACED), run + "-more", 20, "");
            assertThat(results(on(cluster, REPLACED), more)).hasSize(20);
            assertThat(more.values())
                    .doesNotContainAnyElementsOf(stored.values())
                    .doesNotContain(disposed);
            eachRanOnce(stored);
        }
    }

    private static List<ClusterReport.Node> members(HoldfastCluster cluster, int asked) throws IOException {
        try (AdminClient member = AdminClient.connect(cluster.directory(asked))) {
            return member.report().members();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
