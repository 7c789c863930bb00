package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The console over a directory that a node of this test left behind. */
class TasksTest {

    @TempDir
    static Path directory;

    private static long text;
    private static long point;
    private static long large;
    private static long failed;
    private static long disposed;
    private static long waiting;
    private static long alsoWaiting;

    record Point(int x, List<String> names) implements Serializable {}

    private record Job(String what) implements Callable<Object>, Serializable {
        @Override
        public Object call() {
            return switch (what) {
                case "point" -> new Point(3, List.of("a", "b"));
                case "large" -> "x".repeat(100_000);
                case "fail" -> throw new IllegalStateException("on purpose", new ArithmeticException("the cause"));
                default -> what;
            };
        }
    }

    @BeforeAll
    static void aDirectoryWithTasksOfEverySort() throws Exception {
        Config config = new Config().setPartitionCount(4);
        config.getStorageConfig().setDirectory(directory);
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            text = ended(jobs, new Job("a text"), TaskOptions.create().label("greeting"));
            point = ended(jobs, new Job("point"), TaskOptions.create().key("customer 7"));
            large = ended(jobs, new Job("large"), TaskOptions.create());
            var failing = jobs.submit(new Job("fail"), TaskOptions.create());
            assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
            failed = failing.getTaskId();
            disposed = ended(jobs, new Job("gone"), TaskOptions.create());
            jobs.disposeResult(disposed);
            DurableExecutorService paused = node.getDurableExecutorService("paused");
            paused.pause();
            TaskOptions sameKey = TaskOptions.create().key("same");
            waiting = paused.submit(new Job("later"), sameKey).getTaskId();
            alsoWaiting = paused.submit((DurableCallable<String>) () -> "lambda", sameKey.idempotencyKey("once"))
                    .getTaskId();
        }
    }

    private static long ended(DurableExecutorService executor, Callable<?> task, TaskOptions options) throws Exception {
        var future = executor.submit(task, options);
        future.get();
        return future.getTaskId();
    }

    @Test
    void listShowsEveryTaskOnALine() {
        Result result = run("tasks", "list");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.lines()).hasSize(7);
        assertThat(result.lines().get(0)).startsWith("ID").contains("STATE", "EXECUTOR", "FAILURE");
        assertThat(result.out())
                .contains("greeting", "TasksTest$Job", "COMPLETED", "FAILED", "PENDING", "on purpose")
                .doesNotContain("\u001b", Long.toString(disposed));
    }

    @Test
    void listFilters() {
        assertThat(ids("--executor", "paused")).containsExactly(waiting, alsoWaiting);
        assertThat(ids("--state", "failed")).containsExactly(failed);
        assertThat(ids("--state", "FAILED,PENDING")).containsExactlyInAnyOrder(failed, waiting, alsoWaiting);
        assertThat(ids("--label", "greeting")).containsExactly(text);
        assertThat(ids("--label", "greet")).isEmpty();
        assertThat(ids("--type", "TasksTest$Job")).hasSize(5);
        assertThat(ids("--limit", "2")).hasSize(2);
        assertThat(ids("--limit", "0")).isEmpty();
    }

    @Test
    void listIsReadByPrograms() {
        List<?> json =
                JsonMapper.shared().readValue(run("tasks", "list", "-o", "json").out(), List.class);
        List<?> yaml =
                new YAMLMapper().readValue(run("tasks", "list", "-o", "yaml").out(), List.class);
        assertThat(json).hasSize(6).isEqualTo(yaml);
        assertThat(json.toString()).contains("taskId=" + text, "state=COMPLETED", "key=customer 7");
    }

    @Test
    void wrongFiltersAreWrongUsage() {
        assertThat(run("tasks", "list", "--state", "DONE").exitCode()).isEqualTo(2);
        assertThat(run("tasks", "list", "--state", "DONE").err()).contains("DONE", "COMPLETED");
        assertThat(run("tasks", "list", "--limit", "-1").exitCode()).isEqualTo(2);
        assertThat(run("tasks", "list", "-o", "xml").exitCode()).isEqualTo(2);
    }

    @Test
    void showTellsTheFailureWithItsStackTrace() {
        Result result = run("tasks", "show", failed);
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.out())
                .contains("FAILED", "jobs", "java.lang.IllegalStateException: on purpose")
                .contains("    at dev.holdfast.cli.TasksTest$Job.call(TasksTest.java:")
                .contains("the cause");
    }

    @Test
    void showTellsWhyATaskIsNotRunning() {
        Map<?, ?> first = show(waiting);
        assertThat(String.valueOf(first.get("whyNotRunning")))
                .contains("No node has this directory open", "paused, durably")
                .doesNotContain("Before it in the queue");
        Map<?, ?> second = show(alsoWaiting);
        assertThat(String.valueOf(second.get("whyNotRunning"))).contains("Before it in the queue", ": 1 tasks");
        assertThat(second.get("idempotencyKey")).isEqualTo("once");
        assertThat(String.valueOf(second.get("payload"))).contains("codec=java", "fingerprint=", "hex=");
    }

    @Test
    void showReadsAPayloadWithoutItsClasses() {
        assertThat(show(waiting).get("payload"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("content", Map.of("class", "dev.holdfast.cli.TasksTest$Job", "what", "later"))
                .doesNotContainKey("contentProblem");
        assertThat(run("tasks", "show", waiting).out())
                .containsSubsequence(
                        "Payload:",
                        "codec=record",
                        "hex=0100",
                        "\n  class: dev.holdfast.cli.TasksTest$Job\n  what: later\n");
        Map<?, ?> lambda = YAMLMapper.shared()
                .readValue(run("tasks", "show", alsoWaiting, "-o", "yaml").out(), Map.class);
        assertThat(String.valueOf(lambda.get("payload")))
                .contains("lambda=dev.holdfast.cli.TasksTest.lambda$", "interface=dev.holdfast.DurableCallable.call");
        assertThat(String.valueOf(show(point).get("result"))).contains("{class=dev.holdfast.cli.TasksTest$Point, x=3");
    }

    @Test
    void resultsOfTheJdkAreDecoded() {
        assertThat(run("tasks", "result", text).out()).isEqualTo("a text\n");
        assertThat(run("tasks", "result", large).out()).isEqualTo("x".repeat(100_000) + "\n");
        Map<?, ?> json = JsonMapper.shared()
                .readValue(run("tasks", "result", text, "-o", "json").out(), Map.class);
        assertThat(json.get("value")).isEqualTo("a text");
        assertThat(json.get("decoded")).isEqualTo(true);
    }

    @Test
    void otherClassesAreDecodedWhenTheyAreAllowed() {
        Result refused = run("tasks", "result", point);
        assertThat(refused.exitCode()).isZero();
        assertThat(refused.out()).isEqualTo("""
                class: dev.holdfast.cli.TasksTest$Point
                x: 3
                names:
                - a
                - b
                """);
        assertThat(refused.err()).contains("TasksTest$Point", "--allow");

        Result allowed = run("tasks", "result", point, "--allow", "dev.holdfast.cli.TasksTest$Point", "-o", "json");
        Map<?, ?> json = JsonMapper.shared().readValue(allowed.out(), Map.class);
        assertThat(json.get("value")).isEqualTo(Map.of("x", 3, "names", List.of("a", "b")));
    }

    @Test
    void rawIsTheBytesAsTheyAreStored() throws Exception {
        Result raw = ConsoleProcess.run(directory, "tasks", "result", text, "--raw", "--data", directory);
        assertThat(raw.exitCode()).as("%s", raw).isZero();
        assertThat(raw.out()).isEqualTo("a text");
    }

    @Test
    void noResultIsAFailureThatSaysWhy() {
        assertThat(run("tasks", "result", failed))
                .satisfies(result -> assertThat(result.exitCode()).isEqualTo(1))
                .satisfies(result -> assertThat(result.err()).contains("state=FAILED", "on purpose"));
        assertThat(run("tasks", "result", waiting).err()).contains("state=PENDING");
    }

    @Test
    void anUnknownIdIsNotFoundAndSaysWhy() {
        assertThat(run("tasks", "show", disposed).exitCode()).isEqualTo(4);
        assertThat(run("tasks", "show", disposed).err()).contains("DISPOSED");
        assertThat(run("tasks", "result", 999_999_999L).err()).contains("UNKNOWN");
        assertThat(run("tasks", "show", Long.MAX_VALUE).exitCode()).isIn(2, 4);
        for (String id : List.of("0", "-5", "abc", "99999999999999999999")) {
            assertThat(run("tasks", "show", "--", id).exitCode()).as(id).isEqualTo(2);
        }
    }

    @Test
    void lookingChangesNothing() throws Exception {
        String before = fingerprint();
        run("tasks", "list");
        run("tasks", "show", failed);
        run("storage", "verify");
        run("storage", "dump");
        assertThat(fingerprint()).isEqualTo(before);
    }

    @Test
    void verifyFindsNothingWrong() {
        Result result = run("storage", "verify");
        assertThat(result.exitCode()).as("%s", result).isZero();
        assertThat(result.lines().get(0)).startsWith("PARTITION");
        assertThat(result.out()).contains("Sound: ");
        Map<?, ?> json = JsonMapper.shared()
                .readValue(run("storage", "verify", "-o", "json").out(), Map.class);
        assertThat(json.get("sound")).isEqualTo(true);
        assertThat((List<?>) json.get("partitions")).hasSize(4);
    }

    @Test
    void dumpShowsRecordsAsYaml() {
        Result all = run("storage", "dump");
        assertThat(all.exitCode()).as("%s", all).isZero();
        assertThat(all.out()).contains("submitted:", "completed:", "failed:", "disposed:", "greeting");
        Result some = run("storage", "dump", "--limit", "3");
        assertThat(some.out().lines().filter("---"::equals)).hasSizeLessThanOrEqualTo(3);
        assertThat(run("storage", "dump", "--partition", "9").exitCode()).isEqualTo(4);
    }

    @Test
    void aPipeThatNobodyReadsAnyMoreIsQuiet() throws Exception {
        Process list = ConsoleProcess.start(directory, "storage", "dump", "--data", directory);
        list.getInputStream().close();
        Result result = ConsoleProcess.await(list);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
    }

    private static List<Long> ids(Object... filters) {
        List<Object> words = new java.util.ArrayList<>(List.of("tasks", "list", "-o", "ids"));
        words.addAll(List.of(filters));
        Result result = run(words.toArray());
        assertThat(result.exitCode()).as("%s", result).isZero();
        return result.lines().stream().map(Long::parseLong).toList();
    }

    private static Map<?, ?> show(long taskId) {
        return JsonMapper.shared()
                .readValue(run("tasks", "show", taskId, "-o", "json").out(), Map.class);
    }

    private static Result run(Object... arguments) {
        List<String> words = new java.util.ArrayList<>();
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        int end = words.contains("--") ? words.indexOf("--") : words.size();
        words.addAll(end, List.of("--data", directory.toString()));
        return MainTest.inThisJvm(words.toArray(String[]::new));
    }

    /** Names, sizes, contents and times of all files. */
    private static String fingerprint() throws Exception {
        StringBuilder text = new StringBuilder();
        try (var all = java.nio.file.Files.walk(directory)) {
            for (Path file :
                    all.filter(java.nio.file.Files::isRegularFile).sorted().toList()) {
                text.append(file)
                        .append(' ')
                        .append(java.nio.file.Files.getLastModifiedTime(file))
                        .append(' ')
                        .append(java.util.Arrays.hashCode(java.nio.file.Files.readAllBytes(file)))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
