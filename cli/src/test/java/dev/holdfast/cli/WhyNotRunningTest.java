package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskState;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tasks show} says of a task that waits. */
class WhyNotRunningTest {

    private static final CountDownLatch GATE = new CountDownLatch(1);
    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    static Path home;

    private record Waiting() implements Callable<String>, Serializable {
        @Override
        public String call() throws InterruptedException {
            RUNS.incrementAndGet();
            GATE.await();
            return "waited";
        }
    }

    private static HoldfastInstance start(Path directory, int poolSize, boolean autoStart) {
        RUNS.set(0);
        Config config = new Config().setPartitionCount(1).setNodeName("alive").setAutoStart(autoStart);
        config.setShutdownGrace(Duration.ofMillis(1));
        config.getDurableExecutorConfig("jobs").setPoolSize(poolSize);
        config.getStorageConfig().setDirectory(directory);
        return Holdfast.newInstance(config);
    }

    @AfterEach
    void letNothingWait() {
        Thread.interrupted();
    }

    /** The files of a node that lives, as a kill at this moment leaves them. */
    private static Path killed(Path live, String name) throws IOException {
        Path copy = home.resolve(name);
        try (var files = Files.walk(live)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(live.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }

    private static String show(Path directory, long taskId) {
        Result result = MainTest.inThisJvm("tasks", "show", Long.toString(taskId), "--data", directory.toString());
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.out();
    }

    @Test
    void aPoolThatIsBusyIsToldWithWhat() {
        Path directory = home.resolve("busy");
        try (HoldfastInstance node = start(directory, 1, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            long running = jobs.submit(new Waiting()).getTaskId();
            await().until(() -> jobs.getTask(running).map(TaskInfo::state).orElseThrow() == TaskState.RUNNING);
            long waiting = jobs.submit(new Waiting()).getTaskId();
            jobs.shutdown();
            assertThat(show(directory, waiting))
                    .contains("All workers of its executor are busy: executor=jobs, pool-size=1, with task " + running)
                    .contains("Its executor is shut down, which keeps no task that was accepted from running");
        }
    }

    @Test
    void aNodeThatWasNotStartedIsToldSo() {
        Path directory = home.resolve("not-started");
        try (HoldfastInstance node = start(directory, 1, false)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            jobs.pause();
            long waiting = jobs.submit(new Waiting()).getTaskId();
            assertThat(show(directory, waiting))
                    .contains("The node executes nothing: node=alive was made with autoStart=false")
                    .contains("executors resume jobs --data");
        }
    }

    @Test
    void aSuspectIsToldForWhomItWaits() throws Exception {
        Path first = home.resolve("first");
        Path second;
        Path third;
        long one;
        long two;
        try (HoldfastInstance node = start(first, 4, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            one = jobs.submit(new Waiting()).getTaskId();
            two = jobs.submit(new Waiting()).getTaskId();
            await().until(() -> RUNS.get() == 2);
            second = killed(first, "second"); // in the first attempts, which are not logged
        }
        try (HoldfastInstance node = start(second, 4, true)) {
            assertThat(node.getName()).isNotEmpty();
            await().until(() -> RUNS.get() == 2);
            third = killed(second, "third");
        }
        assertThat(show(third, one)).contains("has no end: the next start counts a crash, crashes=1 of maxCrashes=3.");
        try (HoldfastInstance node = start(third, 4, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            await().until(() -> RUNS.get() == 1
                    && show(third, one).contains("It is ")
                    && show(third, two).contains("It is "));
            long waits = jobs.getTask(one).orElseThrow().state() == TaskState.RUNNING ? two : one;
            long runs = waits == one ? two : one;
            await().untilAsserted(() -> assertThat(show(third, waits))
                    .contains("It is a suspect: the process died 1 times while it ran (maxCrashes=3)")
                    .contains("now runs task " + runs + ", and 1 wait for it"));
        }
    }
}
