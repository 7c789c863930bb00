package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedded node whose class path has what a node alone needs, and no more. */
class EmbeddedAloneTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static boolean isOfClustersOnly(String fileName) {
        return fileName.startsWith("netty-") || fileName.startsWith("ratis-");
    }

    /** With the console's jar, whose manifest names all that it needs. */
    private static boolean isLeftOut(String fileName) {
        return isOfClustersOnly(fileName) || fileName.equals("holdfast.jar");
    }

    @Test
    void anEmbeddedNodeNeedsNeitherNettyNorRatis() throws Exception {
        String ours = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(Arrays.stream(ours.split(File.pathSeparator))
                        .map(entry -> String.valueOf(Path.of(entry).getFileName()))
                        .filter(EmbeddedAloneTest::isOfClustersOnly))
                .as("what is left out")
                .anyMatch(name -> name.startsWith("netty-transport"))
                .anyMatch(name -> name.startsWith("ratis-server"));
        List<String> said = new CopyOnWriteArrayList<>();
        try (ChildJvm child = ChildJvm.of(Life.class)
                .classPathWithout(EmbeddedAloneTest::isLeftOut)
                .arguments(folder.toString())
                .flags("-Xmx256m", "-XX:TieredStopAtLevel=1")
                .lines(said::add)
                .start()) {
            assertThat(child.await(LIMIT)).as("%s", said).isZero();
        }
        assertThat(said).contains("here: none", "first life: 49", "second life: 49");
    }

    record Squared(int number) implements DurableCallable<Integer> {
        @Override
        public Integer call() {
            return number * number;
        }
    }

    /** In a JVM of its own: two lives of a node on one directory. */
    static final class Life {

        private Life() {}

        public static void main(String[] arguments) throws Exception {
            Said.say(
                    "%s",
                    "here: "
                            + (Stream.of("io.netty.channel.Channel", "org.apache.ratis.server.RaftServer")
                                            .anyMatch(Life::isHere)
                                    ? "some"
                                    : "none"));
            long task;
            try (HoldfastInstance node = start(arguments[0])) {
                DurableExecutorService jobs = node.getDurableExecutorService("jobs");
                var future = jobs.submit(new Squared(7));
                task = future.getTaskId();
                Said.say("%s", "first life: " + future.get(30, TimeUnit.SECONDS));
            }
            try (HoldfastInstance node = start(arguments[0])) {
                Said.say(
                        "%s",
                        "second life: "
                                + node.getDurableExecutorService("jobs")
                                        .retrieveResult(task)
                                        .get(30, TimeUnit.SECONDS));
            }
        }

        private static HoldfastInstance start(String directory) {
            Config config = new Config().setPartitionCount(2);
            config.getStorageConfig().setDirectory(Path.of(directory));
            return Holdfast.newInstance(config);
        }

        private static boolean isHere(String type) {
            try {
                return Class.forName(type, false, Life.class.getClassLoader()) != null;
            } catch (ClassNotFoundException e) {
                return false;
            }
        }
    }
}
