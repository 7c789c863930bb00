package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console, a process of its own, beside a node that runs in this one. */
class LiveNodeTest {

    private static final CountDownLatch GATE = new CountDownLatch(1);
    private static final CountDownLatch RUNS = new CountDownLatch(1);

    @TempDir
    static Path directory;

    private record Job(String what) implements Callable<String>, Serializable {
        @Override
        public String call() throws InterruptedException {
            if (what.equals("fail")) {
                throw new IllegalStateException("on purpose");
            }
            if (what.equals("wait")) {
                RUNS.countDown();
                GATE.await();
            }
            return what;
        }
    }

    @Test
    void theTasksOfARunningNodeAreListedAndShown() throws Exception {
        Config config = new Config().setPartitionCount(2).setNodeName("alive");
        config.getStorageConfig().setDirectory(directory);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            var ended = jobs.submit(new Job("a text"));
            ended.get();
            var failed = jobs.submit(new Job("fail"));
            assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class);
            var running = jobs.submit(new Job("wait"));
            RUNS.await();
            DurableExecutorService paused = node.getDurableExecutorService("paused");
            paused.pause();
            var pending = paused.submit(new Job("later"));

            Result list = run("tasks", "list");
            assertThat(list.exitCode()).as("%s", list).isZero();
            assertThat(list.lines()).hasSize(5);
            assertThat(list.out()).contains("COMPLETED", "FAILED", "RUNNING", "PENDING", "on purpose");
            assertThat(run("tasks", "list", "--state", "RUNNING", "-o", "ids").lines())
                    .containsExactly(Long.toString(running.getTaskId()));
            assertThat(run("tasks", "show", running.getTaskId()).out())
                    .contains("It is running: node=alive, attempt=1");
            assertThat(run("tasks", "show", pending.getTaskId()).out())
                    .contains("paused, durably")
                    .doesNotContain("No node has");
            assertThat(run("tasks", "show", failed.getTaskId()).out()).contains("at dev.holdfast.cli.LiveNodeTest$Job");
            assertThat(run("tasks", "result", ended.getTaskId()).out()).isEqualTo("a text\n");
            assertThat(run("tasks", "result", running.getTaskId()).err()).contains("state=RUNNING");
            assertThat(run("tasks", "show", 999_999).exitCode()).isEqualTo(4);

            Result verify = run("storage", "verify");
            assertThat(verify.exitCode()).as("%s", verify).isZero();
            assertThat(verify.out()).contains("in use", "Sound: ");
            Result dump = run("storage", "dump");
            assertThat(dump.exitCode()).as("%s", dump).isZero();
            assertThat(dump.out()).contains("submitted:", "executorPaused:", "on purpose");

            GATE.countDown();
            assertThat(running.get()).isEqualTo("wait");
        } finally {
            GATE.countDown();
        }
    }

    private static Result run(Object... arguments) throws Exception {
        Object[] words = Arrays.copyOf(arguments, arguments.length + 2);
        words[arguments.length] = "--data";
        words[arguments.length + 1] = directory;
        return ConsoleProcess.run(directory, words);
    }
}
