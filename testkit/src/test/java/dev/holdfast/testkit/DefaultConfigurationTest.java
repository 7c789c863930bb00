package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableCallable;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that nobody configured in code. */
class DefaultConfigurationTest {

    @TempDir
    Path folder;

    @Test
    void aNodeReadsTheFileOnTheClassPathThenVariablesThenProperties() throws Exception {
        Path data = folder.resolve("data");
        Path classPath = Files.createDirectory(folder.resolve("classes"));
        Files.writeString(
                classPath.resolve("holdfast.yaml"),
                "holdfast:\n  node-name: from-the-file\n  partition-count: 16\n  storage: {directory: '" + data
                        + "'}\n");
        List<String> said = new CopyOnWriteArrayList<>();
        try (ChildJvm child = ChildJvm.of(Unconfigured.class)
                .classPathFirst(classPath)
                .shortLived()
                .flags("-Xmx256m", "-Dholdfast.partition-count=2")
                .environment("HOLDFAST_PARTITION_COUNT", "8")
                .environment("HOLDFAST_AUTO_START", "TRUE")
                .environment("HOLDFAST_PORT", "tcp://10.0.0.1:5710")
                .lines(said::add)
                .start()) {
            assertThat(child.await(Duration.ofSeconds(60))).isZero();
        }
        assertThat(said).containsExactly("from-the-file 2 done");
        assertThat(data.resolve("partition-0001")).isDirectory();
    }

    static final class Unconfigured {

        private Unconfigured() {}

        public static void main(String[] args) throws Exception {
            try (HoldfastInstance node = Holdfast.newInstance()) {
                String result = node.getDurableExecutorService("a")
                        .submit((DurableCallable<String>) () -> "done")
                        .get(30, TimeUnit.SECONDS);
                Said.say(
                        "%s %d %s",
                        node.getName(), node.getCluster().partitions().size(), result);
            }
        }
    }
}
