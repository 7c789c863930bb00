package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The console acts on a node that runs, and on the directory that it leaves. */
class ActionsTest {

    private static final CountDownLatch RUNS = new CountDownLatch(1);

    @TempDir
    static Path home;

    private record Job(String what, int count) implements Callable<String>, Serializable {
        @Override
        public String call() throws InterruptedException {
            if (what.equals("fail")) {
                throw new IllegalStateException("on purpose");
            }
            if (what.equals("wait")) {
                RUNS.countDown();
                new CountDownLatch(1).await();
            }
            return what.repeat(count);
        }
    }

    private static HoldfastInstance start(Path directory, boolean autoStart) {
        Config config = new Config().setPartitionCount(2).setNodeName("alive").setAutoStart(autoStart);
        config.getStorageConfig().setDirectory(directory);
        return Holdfast.newInstance(config);
    }

    private static long failed(DurableExecutorService jobs, String label) {
        var failing = jobs.submit(new Job("fail", 1), TaskOptions.create().label(label));
        assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
        return failing.getTaskId();
    }

    private static TaskState state(DurableExecutorService jobs, long id) {
        return jobs.getTask(id).map(TaskInfo::state).orElseThrow();
    }

    @Test
    void processesDisposeReopenAndPrintWhatIsInTheJar() throws Exception {
        Path directory = home.resolve("disposed");
        long done;
        try (HoldfastInstance node = start(directory, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            done = jobs.submit(new Job("x", 2)).getTaskId();
            jobs.retrieveResult(done).get();
            jobs.shutdown();
        }
        Result disposed = run(directory, "tasks", "dispose", done);
        assertThat(disposed.exitCode()).as("%s", disposed).isZero();
        assertThat(disposed.out()).contains("Disposed: 1 of 1 task");
        assertThat(run(directory, "tasks", "dispose", done, "-o", "json").out()).contains("\"action\" : \"dispose\"");
        assertThat(run(directory, "executors", "reopen", "jobs").exitCode()).isZero();
        try (HoldfastInstance node = start(directory, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            assertThat(jobs.getTask(done)).isEmpty();
            assertThat(jobs.submit(new Job("y", 2)).get()).isEqualTo("yy");
        }
        Result schema = ConsoleProcess.run(home, "config", "schema");
        assertThat(schema.exitCode()).isZero();
        assertThat(schema.out()).contains("<xs:schema");
        Result completion = ConsoleProcess.run(home, "completion", "bash");
        assertThat(completion.exitCode()).isZero();
        assertThat(completion.out()).contains("complete ");
    }

    @Test
    void aRunningNodeDoesWhatTheConsoleSays() throws Exception {
        Path directory = home.resolve("live");
        try (HoldfastInstance node = start(directory, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            var running = jobs.submit(new Job("wait", 1));
            RUNS.await();
            List<Long> failed = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                failed.add(failed(jobs, "fix me"));
            }
            long done = jobs.submit(new Job("x", 2)).getTaskId();
            jobs.retrieveResult(done).get();

            // tasks, by id
            Result cancel = run(directory, "tasks", "cancel", running.getTaskId(), done);
            assertThat(cancel.exitCode()).as("%s", cancel).isEqualTo(1);
            assertThat(cancel.out())
                    .contains("cancelled", "unchanged", "it has ended: state=COMPLETED")
                    .contains("Cancelled: 1 of 2 tasks, unchanged: 1");
            assertThat(state(jobs, running.getTaskId())).isEqualTo(TaskState.CANCELLED);
            assertThat(run(directory, "tasks", "cancel", 999_999).exitCode()).isEqualTo(4);

            // by query: told first, and not without a yes
            Result dry = run(directory, "tasks", "retry", "--label", "fix me", "--dry-run", "-o", "json");
            Map<?, ?> plan = JsonMapper.shared().readValue(dry.out(), Map.class);
            assertThat(plan.get("done")).isEqualTo(3);
            assertThat(plan.get("dryRun")).isEqualTo(true);
            Result unasked = run(directory, "tasks", "retry", "--label", "fix me");
            assertThat(unasked.exitCode()).as("%s", unasked).isEqualTo(3);
            assertThat(unasked.err()).contains("Retry 3 tasks, executors={jobs=3}, states={FAILED=3}", "--yes");
            assertThat(failed).allMatch(id -> state(jobs, id) == TaskState.FAILED);
            Result discarded = run(
                    directory, "tasks", "discard", "--executor", "jobs", "--limit", "1", "--older-than", "0s", "--yes");
            assertThat(discarded.exitCode()).as("%s", discarded).isZero();
            assertThat(jobs.getTask(failed.get(0))).isEmpty();

            // on a terminal it is asked first
            Path script = Path.of("/usr/bin/script");
            if (Files.isExecutable(script)) {
                String command = String.join(
                        " ",
                        ConsoleProcess.command(home, "tasks", "discard", "--label", "'fix me'", "--data", directory));
                Result no = ConsoleProcess.await(new ProcessBuilder(script.toString(), "-qec", command, "/dev/null")
                        .redirectInput(
                                Files.writeString(home.resolve("no"), "n\n").toFile())
                        .start());
                assertThat(no.out()).contains("Discard 2 tasks, executors={jobs=2}, states={FAILED=2}? [y/N]");
                assertThat(no.exitCode()).as("%s", no).isEqualTo(3);
                assertThat(failed.subList(1, 3)).allMatch(id -> state(jobs, id) == TaskState.FAILED);
            }

            // through a pipe
            jobs.pause();
            Result retried = ConsoleProcess.pipe(
                    home,
                    List.of("tasks", "list", "--state", "FAILED", "-o", "ids", "--data", directory),
                    List.of("tasks", "retry", "-", "-o", "ids", "--data", directory));
            assertThat(retried.exitCode()).as("%s", retried).isZero();
            assertThat(retried.lines()).containsExactlyInAnyOrder("" + failed.get(1), "" + failed.get(2));
            assertThat(retried.err()).contains("Retried: 2 of 2 tasks");
            assertThat(jobs.tasks(TaskQuery.all().state(TaskState.PENDING))).hasSize(2);

            // executors
            Result list = run(directory, "executors", "list");
            assertThat(list.out()).contains("NAME", "jobs", "PAUSED");
            Result resumed = run(directory, "executors", "resume", "jobs");
            assertThat(resumed.out()).startsWith("Resumed: executor=jobs");
            assertThat(jobs.isPaused()).isFalse();
            Result slip = run(directory, "executors", "pause", "jbos");
            assertThat(slip.exitCode()).isEqualTo(4);
            assertThat(slip.err()).contains("No such executor: NAME=jbos, known: jobs");
            Result show = run(directory, "executors", "show", "jobs", "-o", "json");
            Map<?, ?> shown = JsonMapper.shared().readValue(show.out(), Map.class);
            assertThat(String.valueOf(shown.get("limits"))).contains("capacity=10000", "poolSize=16");

            // submit
            Result submitted = run(
                    directory,
                    "submit",
                    "--class",
                    Job.class.getName(),
                    "--arg",
                    "what=ab",
                    "--arg",
                    "count=3",
                    "--executor",
                    "jobs",
                    "--wait",
                    "30s");
            assertThat(submitted.exitCode()).as("%s", submitted).isZero();
            assertThat(submitted.out()).isEqualTo("ababab\n");
            Result wrong = run(directory, "submit", "--class", Job.class.getName(), "--arg", "waht=ab");
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err()).contains("known arguments: (String what, int count)");
            Result shut = run(directory, "executors", "shutdown", "jobs");
            assertThat(shut.out()).contains("Shut down: executor=jobs");
            Result refused = run(
                    directory,
                    "submit",
                    "--class",
                    Job.class.getName(),
                    "--arg",
                    "what=no",
                    "--arg",
                    "count=1",
                    "--executor",
                    "jobs");
            assertThat(refused.exitCode()).as("%s", refused).isEqualTo(3);
            assertThat(refused.err()).contains("shut down").doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void theDirectoryOfAStoppedNodeIsActedOnInItsFiles() throws Exception {
        Path directory = home.resolve("stopped");
        long failed;
        long waiting;
        try (HoldfastInstance node = start(directory, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            failed = failed(jobs, "x");
            jobs.pause();
            waiting = jobs.submit(new Job("y", 1)).getTaskId();
        }
        Result retried = ConsoleProcess.pipe(
                home,
                List.of("tasks", "list", "--state", "FAILED", "-o", "ids", "--data", directory),
                List.of("tasks", "retry", "-", "--data", directory));
        assertThat(retried.exitCode()).as("%s", retried).isZero();
        assertThat(retried.out()).contains("" + failed, "retried");
        assertThat(run(directory, "tasks", "cancel", "--all", "--type", "ActionsTest$Job", "--key", "k", "-y")
                        .err())
                .contains("No tasks");
        assertThat(run(directory, "tasks", "cancel", waiting).exitCode()).isZero();
        assertThat(run(directory, "tasks", "cancel", 999_999).exitCode()).isEqualTo(4);
        Result resumed = run(directory, "executors", "resume", "jobs");
        assertThat(resumed.exitCode()).as("%s", resumed).isZero();
        assertThat(run(directory, "executors", "list").out()).contains("OPEN");
        Result submitted = run(
                directory,
                "submit",
                "--class",
                Job.class.getName(),
                "--arg",
                "what=z",
                "--arg",
                "count=2",
                "--executor",
                "jobs");
        assertThat(submitted.exitCode()).as("%s", submitted).isZero();
        long id = Long.parseLong(submitted.out().strip());
        Result impatient = run(
                directory, "submit", "--class", Job.class.getName(), "--arg", "what=z", "--arg", "count=1", "--wait");
        assertThat(impatient.exitCode()).isEqualTo(3);
        assertThat(impatient.err()).contains("nothing was stored");

        try (HoldfastInstance node = start(directory, true)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            assertThat(jobs.<String>retrieveResult(id).get()).isEqualTo("zz");
            assertThatThrownBy(() -> jobs.retrieveResult(failed).get()).hasMessageContaining("on purpose");
            assertThat(jobs.getStats().retried()).isEqualTo(1);
            assertThat(state(jobs, waiting)).isEqualTo(TaskState.CANCELLED);
        }
    }

    @Test
    void wrongUsageDoesNothing() {
        Path directory = home.resolve("none");
        assertThat(inThisJvm(directory, "tasks", "cancel").err()).contains("Which tasks?");
        assertThat(inThisJvm(directory, "tasks", "cancel", "1", "--all").exitCode())
                .isEqualTo(2);
        assertThat(inThisJvm(directory, "tasks", "cancel", "x").err())
                .contains("Not a task id, nothing was done: ID=x");
        assertThat(inThisJvm(directory, "tasks", "retry", "--state", "COMPLETED")
                        .err())
                .contains("allowed are [FAILED, QUARANTINED, PARKED]");
        assertThat(inThisJvm(directory, "tasks", "retry", "--older-than", "soon")
                        .err())
                .contains("not a time");
        assertThat(inThisJvm(directory, "executors", "pause").exitCode()).isEqualTo(2);
        assertThat(inThisJvm(directory, "executors", "pause", "jobs").exitCode())
                .isEqualTo(4);
        assertThat(inThisJvm(directory, "submit").exitCode()).isEqualTo(2);
    }

    private static Result run(Path directory, Object... arguments) throws Exception {
        List<Object> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--data", directory));
        return ConsoleProcess.run(home, words.toArray());
    }

    private static Result inThisJvm(Path directory, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--data", directory.toString()));
        return MainTest.inThisJvm(words.toArray(String[]::new));
    }
}
