package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.ConsoleProcess.Result;
import dev.holdfast.cli.console.ExitCodes;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {

    @TempDir
    Path here;

    @Test
    void helpNamesEveryCommandAndTheExitCodes() {
        Result result = inThisJvm("--help");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("start", "demo", "tasks", "storage", "Exit codes:");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void everyCommandHasAHelpWithItsExitCodes() {
        List<List<String>> commands = new ArrayList<>();
        addLeaves(CommandTree.build(new Main(), CommandTree.WHOLE), List.of(), commands);
        assertThat(commands).hasSizeGreaterThan(6);
        for (List<String> command : commands) {
            List<String> words = new ArrayList<>(command);
            words.add("--help");
            Result result = inThisJvm(words.toArray(String[]::new));
            assertThat(result.exitCode()).as("%s", words).isZero();
            assertThat(result.out()).as("%s", words).contains("Exit codes:", "  2  ");
            assertThat(result.out().lines())
                    .as("%s", words)
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        }
    }

    @Test
    void whatLooksIntoADirectoryNamesTheExitCodeOfASilentNode() {
        for (String command : List.of(
                "tasks list",
                "tasks show",
                "tasks result",
                "tasks cancel",
                "tasks retry",
                "tasks discard",
                "tasks dispose",
                "executors list",
                "executors show",
                "executors pause",
                "submit",
                "storage verify",
                "storage dump")) {
            String[] words = ("help " + command).split(" ");
            assertThat(inThisJvm(words).out()).as("%s", command).contains("Usage: holdfast " + command, "  5  ");
        }
    }

    @Test
    void helpTakesACommandWithItsGroupAndRefusesOthers() {
        assertThat(inThisJvm("help").out()).contains("Usage: holdfast [");
        Result wrong = inThisJvm("help", "tasks", "retri");
        assertThat(wrong.exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(wrong.err()).contains("No such command: tasks retri", "retry");
    }

    private static void addLeaves(CommandLine command, List<String> path, List<List<String>> commands) {
        command.getSubcommands().forEach((name, child) -> {
            List<String> below = new ArrayList<>(path);
            below.add(name);
            if (!child.getSubcommands().isEmpty()) {
                addLeaves(child, below, commands);
            } else if (!name.equals("help")) {
                commands.add(below);
            }
        });
    }

    @Test
    void anUnknownCommandIsAnsweredWithTheKnownOnes() {
        Result result = inThisJvm("tassks", "list");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("tassks", "tasks", "--help").doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void aWatchTakesANumberOfSecondsAndNoOtherWord() {
        assertThat(inThisJvm("tasks", "list", "--watch", "x").err()).contains("Unmatched argument", "'x'");
        assertThat(inThisJvm("tasks", "list", "--watch=0").err()).contains("--watch=0.0", "0.1");
        assertThat(inThisJvm("tasks", "list", "--watch", "-1").exitCode()).isEqualTo(2);
        String missing = here.resolve("none").toString();
        assertThat(inThisJvm("executors", "show", "--watch", "jobs", "--data", missing)
                        .exitCode())
                .as("the word after it is the executor's name")
                .isEqualTo(4);
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(inThisJvm().exitCode()).isEqualTo(2);
        assertThat(inThisJvm("tasks").exitCode()).isEqualTo(2);
        assertThat(inThisJvm("storage").exitCode()).isEqualTo(2);
    }

    @Test
    void theVersionIsOneLineAboutHoldfastAndOneAboutJava() {
        Result result = inThisJvm("--version");
        assertThat(result.exitCode()).isZero();
        assertThat(result.lines()).hasSize(2);
        assertThat(result.lines().get(0)).startsWith("holdfast ");
        assertThat(result.lines().get(1)).startsWith("Java ");
    }

    @Test
    void aDirectoryThatIsMissingOrSomethingElseIsNotFound() throws Exception {
        Path other = Files.createDirectory(here.resolve("other"));
        Path file = Files.writeString(here.resolve("file"), "x");
        for (Path path : List.of(here.resolve("missing"), other, file)) {
            for (String[] command : new String[][] {
                {"tasks", "list"},
                {"tasks", "show", "1"},
                {"tasks", "result", "1"},
                {"storage", "verify"},
                {"storage", "dump"}
            }) {
                List<String> words = new java.util.ArrayList<>(List.of(command));
                words.addAll(List.of("--data", path.toString()));
                Result result = inThisJvm(words.toArray(String[]::new));
                assertThat(result.exitCode()).as("%s", words).isEqualTo(4);
                assertThat(result.err())
                        .contains("--data=" + path)
                        .doesNotContain("\tat ")
                        .hasLineCount(path.equals(other) ? 2 : 1); // a code has a line that says where it is explained
                assertThat(result.out()).isEmpty();
                if (path.equals(other)) {
                    assertThat(result.err()).contains(" [HF-0305]\n").endsWith("docs/operations.md#hf-0305\n");
                }
            }
        }
        assertThat(other).isEmptyDirectory();
    }

    @Test
    void debugShowsWhere() {
        Result result = inThisJvm(
                "--debug", "tasks", "list", "--data", here.resolve("missing").toString());
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("\tat ");
    }

    @Test
    void aMissingConfigurationIsNotFoundAndAWrongOneShowsItsMistakes() throws Exception {
        Result missing =
                inThisJvm("start", "--config", here.resolve("none.yaml").toString());
        assertThat(missing.exitCode()).isEqualTo(4);
        assertThat(missing.err()).contains("none.yaml");

        Path wrong = Files.writeString(
                here.resolve("wrong.yaml"), "holdfast:\n  partition-cound: 3\n  storage: {sync: sometimes}\n");
        Result mistakes = inThisJvm("start", "--config", wrong.toString());
        assertThat(mistakes.exitCode()).isEqualTo(2);
        assertThat(mistakes.err()).contains("partition-count", "sometimes").doesNotContain("\tat ");
    }

    @Test
    void aMissingJarOfTasksIsNotFound() {
        Result result =
                inThisJvm("start", "--tasks-path", here.resolve("none.jar").toString());
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("none.jar");
    }

    /** Same code as in a process, without its start. */
    static Result inThisJvm(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
