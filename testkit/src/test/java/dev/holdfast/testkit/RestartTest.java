package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts, and starts again, of real processes on one directory. */
class RestartTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void fiftyQuickRestartsIssueNoIdTwice() {
        assertThatRestartsIssueNoIdTwice(50, List.of("close", "close"));
    }

    @Test
    @Tag("faults")
    @Tag("suite-kill")
    void aThousandQuickRestartsIssueNoIdTwice() {
        assertThatRestartsIssueNoIdTwice(1_000, List.of("close"));
    }

    @Test
    void aSecondProcessOnTheSameDirectoryFailsAtOnceAndNamesTheHolder() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        try (ChildJvm holder = ChildJvm.of(QuickLife.class)
                .arguments(folder.toString(), "stay")
                .shortLived()
                .flags("-Xmx256m")
                .lines(line -> ready.countDown())
                .start()) {
            assertThat(ready.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> Holdfast.newInstance(QuickLife.config(folder)))
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining(Long.toString(holder.pid()));
        }
        try (HoldfastInstance node = Holdfast.newInstance(QuickLife.config(folder))) {
            assertThat(node.getDurableExecutorService("quick")
                            .submit((DurableCallable<String>) () -> "free again")
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo("free again");
        }
    }

    @Test
    void aSecondNodeInTheSameProcessFailsAtOnce() {
        try (HoldfastInstance node = Holdfast.newInstance(QuickLife.config(folder))) {
            assertThat(node.getName()).isNotEmpty();
            assertThatThrownBy(() -> Holdfast.newInstance(QuickLife.config(folder)))
                    .hasMessageContaining(folder.toString());
        }
    }

    /**
     * Each process ends as a crash does; every second one is started and closed before that, so that crashes follow crashes and
     * closes.
     */
    private void assertThatRestartsIssueNoIdTwice(int restarts, List<String> closes) {
        Set<String> issued = new HashSet<>();
        int restart = 0;
        for (int process = 0; restart < restarts; process++) {
            List<String> ends = new ArrayList<>(process % 2 == 0 ? closes : List.of());
            ends.add("halt");
            List<String> said = Collections.synchronizedList(new ArrayList<>());
            try (ChildJvm child = ChildJvm.of(QuickLife.class)
                    .arguments(folder.toString())
                    .arguments(ends.toArray(String[]::new))
                    .shortLived()
                    .flags("-Xmx256m")
                    .lines(said::add)
                    .start()) {
                assertThat(child.await(LIMIT)).as("restart=%s", restart).isZero();
            }
            assertThat(said).as("restart=%s", restart).hasSize(ends.size() * QuickLife.TASKS);
            assertThat(said).as("restart=%s", restart).allMatch(issued::add);
            restart += ends.size();
        }
    }

    /** Submits a few tasks, says their ids, and is gone; after a close it comes back. */
    static final class QuickLife {

        static final int TASKS = 5;

        private QuickLife() {}

        public static void main(String[] args) throws Exception {
            for (String end : List.of(args).subList(1, args.length)) {
                live(Path.of(args[0]), end);
            }
        }

        private static void live(Path folder, String end) throws Exception {
            HoldfastInstance node = Holdfast.newInstance(config(folder));
            DurableExecutorService quick = node.getDurableExecutorService("quick");
            for (int i = 0; i < TASKS; i++) {
                Said.say(
                        "%d",
                        quick.submit((DurableCallable<String>) () -> "done").getTaskId());
            }
            switch (end) {
                case "halt" -> Runtime.getRuntime().halt(0);
                case "close" -> node.close();
                default -> new CountDownLatch(1).await();
            }
        }

        static Config config(Path directory) {
            Config config = new Config().setPartitionCount(2);
            config.getStorageConfig().setDirectory(directory.resolve("data"));
            return config;
        }
    }
}
