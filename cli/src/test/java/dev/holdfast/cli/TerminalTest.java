package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskOptions;
import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.config.Config;
import java.io.File;
import java.io.Serializable;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console on a terminal, beside a node that runs in this process. */
class TerminalTest {

    private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]");
    private static final String LONG = "a message that is much longer than a terminal of forty columns is wide";

    @TempDir
    static Path temp;

    private static Path directory;
    private static HoldfastInstance node;
    private static long failed;

    private record Job(String what) implements Callable<String>, Serializable {
        @Override
        public String call() {
            if (what.equals("fail")) {
                throw new IllegalStateException(LONG);
            }
            return what;
        }
    }

    @BeforeAll
    static void aNodeWithTwoTasks() throws Exception {
        directory = temp.resolve("data");
        node = node();
        DurableExecutorService jobs = node.getDurableExecutorService("jobs");
        jobs.submit(new Job("a text"), TaskOptions.create().label("日本語のラベル")).get();
        var failing = jobs.submit(new Job("fail"), TaskOptions.create().key(aKeyWithLongIds()));
        assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
        failed = failing.getTaskId();
    }

    /** The ids of partition 0 are 1, 2, 3. */
    private static String aKeyWithLongIds() {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "key " + number)
                .filter(key -> node.getCluster().partitionOf("jobs", key).id() > 0)
                .findFirst()
                .orElseThrow();
    }

    private static HoldfastInstance node() {
        Config config = new Config().setPartitionCount(2).setNodeName("seen");
        config.getStorageConfig().setDirectory(directory);
        return Holdfast.newInstance(config);
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @Test
    void aNarrowTerminalShowsWhatMattersInColour() throws Exception {
        try (PseudoTerminal terminal = new PseudoTerminal(24, 40)) {
            Process process = terminal.start(console("xterm", "tasks", "list"));
            String text = terminal.rest(process);
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(text).contains("\u001b[31mFAILED\u001b[0m", "\u001b[32mCOMPLETED\u001b[0m");
            List<String> lines = ESCAPES.matcher(text)
                    .replaceAll("")
                    .replace("\r", "")
                    .lines()
                    .toList();
            assertThat(lines).hasSize(4).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
            assertThat(lines.get(0))
                    .startsWith("ID")
                    .contains("STATE", "EXECUTOR")
                    .doesNotContain("SUBMITTED");
            assertThat(lines.get(2)).startsWith(failed + "  FAILED").contains("jobs");
            assertThat(lines.get(3)).startsWith("Too narrow for: ");
        }
    }

    @Test
    void aWatchedTableIsDrawnInItsPlaceUntilCtrlC() throws Exception {
        try (PseudoTerminal terminal = new PseudoTerminal(24, 100)) {
            ProcessBuilder builder = console("xterm", "tasks", "list", "--watch", "0.1");
            builder.environment().put("NO_COLOR", "1");
            Process process = terminal.start(builder);
            terminal.await(text -> text.split("\u001b\\[4A", -1).length > 3);
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            String text = terminal.rest(process);
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(text).contains("every 0.1 s; Ctrl-C ends").doesNotContain("\u001b[31m");
        }
    }

    @Test
    void elsewhereFramesFollowEachOtherUntilTheNodeGoes() throws Exception {
        Path other = temp.resolve("other");
        Path out = temp.resolve("frames");
        Config config = new Config().setPartitionCount(1).setNodeName("going");
        config.getStorageConfig().setDirectory(other);
        Process process;
        try (HoldfastInstance going = Holdfast.newInstance(config)) {
            going.getDurableExecutorService("jobs").submit(new Job("x")).get();
            process = ConsoleProcess.prepare(temp, "tasks", "list", "-o", "yaml", "--watch=0.1", "--data", other)
                    .redirectOutput(out.toFile())
                    .start();
            org.awaitility.Awaitility.await()
                    .until(() -> Files.exists(out) && Files.readString(out).split("---").length > 3);
        }
        Result result = ConsoleProcess.await(process);
        assertThat(result.exitCode()).as("%s", result).isEqualTo(5);
        assertThat(result.err()).contains("has gone", "node=going").hasLineCount(1);
        assertThat(Files.readString(out)).startsWith("---\n- taskId: ").doesNotContain("\u001b");
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailureAndAReaderWhoLeftIsNone() throws Exception {
        Process full = ConsoleProcess.prepare(temp, "--help")
                .redirectOutput(Redirect.to(new File("/dev/full")))
                .start();
        Result result = ConsoleProcess.await(full);
        assertThat(result.exitCode()).as("%s", result).isEqualTo(1);
        assertThat(result.err()).contains("could not be written", "cause=").hasLineCount(1);
    }

    @Test
    void theShellCompletesRemembersAndKeepsAHistory() throws Exception {
        Path history = temp.resolve("state/history");
        try (PseudoTerminal terminal = new PseudoTerminal(24, 100)) {
            Process process = terminal.start(console("xterm", "shell", "--history", history));
            terminal.await(text -> text.contains("holdfast data> "));
            terminal.type("tasks li\t-o ids --state FAI\t\r");
            terminal.await(text -> asksAgain(text, failed + "\r\n"));
            terminal.type("tasks show " + Long.toString(failed).substring(0, 3) + "\t -o js\t\r");
            terminal.await(text -> asksAgain(text, "\"taskId\" : " + failed));
            terminal.type("tasks show\r");
            terminal.await(text -> asksAgain(text, "Missing required parameter"));
            terminal.type("\004");
            String text = terminal.rest(process);
            assertThat(process.exitValue()).as(text).isZero();
        }
        assertThat(history).content().contains("tasks list -o ids --state FAILED");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
    }

    /** What is typed while a command runs is the terminal's own to read: an end of file is swallowed by it. */
    private static boolean asksAgain(String text, String after) {
        int at = text.lastIndexOf(after);
        return at >= 0 && text.indexOf("holdfast data> ", at) >= 0;
    }

    @Test
    void aScriptEndsAtItsFirstFailure() throws Exception {
        String script = "# looks\ntasks list -o ids --state FAILED\n\ntasks show 999999\ntasks list -o ids\n";
        Process process = ConsoleProcess.start(temp, "shell", "--data", directory);
        process.getOutputStream().write(script.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        process.getOutputStream().close();
        Result result = ConsoleProcess.await(process);
        assertThat(result.exitCode()).as("%s", result).isEqualTo(4);
        assertThat(result.out()).isEqualTo(failed + "\n");
        assertThat(result.err()).contains("line 4 failed: exit code 4: tasks show 999999");
    }

    @Test
    void doctorLooksAtARunningNodeWithoutDisturbingIt() throws Exception {
        Result result = ConsoleProcess.run(temp, "doctor", "--data", directory, "-o", "json");
        assertThat(result.exitCode()).as("%s", result).isZero();
        var document = tools.jackson.databind.json.JsonMapper.shared().readTree(result.out());
        assertThat(document.get("process").asString())
                .isEqualTo("node seen, pid=" + ProcessHandle.current().pid());
        assertThat(document.get("problems").asInt()).isZero();
        assertThat(document.get("checks").toString())
                .contains(
                        "live: node seen",
                        "jvm.version",
                        "disk.force",
                        "filesystem.type",
                        "limits.files",
                        "clock.wall");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("doctor"));
        }
        var still = node.getDurableExecutorService("jobs").submit(new Job("still"));
        assertThat(still.get(60, TimeUnit.SECONDS)).isEqualTo("still");
        node.getDurableExecutorService("jobs").disposeResult(still.getTaskId());
    }

    @Test
    void doctorExplainsAMissingFlag() throws Exception {
        ProcessBuilder builder = ConsoleProcess.prepare(temp, "doctor", "--data", directory, "-o", "json");
        builder.command().removeIf(word -> word.startsWith("--add-"));
        Result result = ConsoleProcess.await(builder.start());
        assertThat(result.exitCode()).as("%s", result).isEqualTo(1);
        assertThat(result.out()).contains("\"jvm.flags\"", "-javaagent:", "\"problem\"", "limits.files");
    }

    private static ProcessBuilder console(String term, Object... arguments) throws Exception {
        Object[] words = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        words[arguments.length] = "--data";
        words[arguments.length + 1] = directory;
        ProcessBuilder builder = ConsoleProcess.prepare(temp, words);
        builder.environment().put("TERM", term);
        builder.environment().keySet().removeAll(List.of("NO_COLOR", "COLUMNS", "LINES"));
        return builder;
    }
}
