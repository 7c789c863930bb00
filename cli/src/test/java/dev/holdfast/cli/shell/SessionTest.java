package dev.holdfast.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class SessionTest {

    private final List<String> ran = new ArrayList<>();
    private final StringWriter err = new StringWriter();
    private final CommandRunner runner = new Commands();
    private final Session session =
            new Session(runner, new PrintWriter(new StringWriter()), new PrintWriter(err), "first");

    @Test
    void linesAreWordsAsAShellTakesThem() {
        assertThat(Words.of("a  'b c' \"d \\\"e\" f\\ g ''#h # rest"))
                .contains(List.of("a", "b c", "d \"e", "f g", "#h"));
        assertThat(Words.of("# nothing")).contains(List.of());
        assertThat(Words.of("a 'b")).isEmpty();
    }

    @Test
    void theDirectoryIsSaidOnceAndRemembered() {
        session.run("tasks list");
        session.run("tasks list --data second");
        session.run("tasks list --data='third one'");
        session.run("tasks list");
        session.run("other");
        assertThat(ran).containsExactly("list first", "list second", "list third one", "list third one", "other");
        assertThat(session.data()).isEqualTo("third one");
    }

    @Test
    void aScriptStopsAtItsFirstFailureUnlessItIsToGoOn() throws Exception {
        String script = "other\nfail 4\nother\nfail 3\nexit\nother\n";
        assertThat(script(script, false)).isEqualTo(4);
        assertThat(ran).containsExactly("other", "fail 4");
        ran.clear();
        assertThat(script(script, true)).isEqualTo(4);
        assertThat(ran).containsExactly("other", "fail 4", "other", "fail 3");
        assertThat(err.toString()).contains("line 2 failed: exit code 4: fail 4");
    }

    @Test
    void aShellAndANodeAreRefusedAndSoIsAnOpenQuote() {
        assertThat(session.run("shell")).isEqualTo(2);
        assertThat(session.run("start --data x")).isEqualTo(2);
        assertThat(session.run("other 'x")).isEqualTo(2);
        assertThat(ran).isEmpty();
        assertThat(err.toString().lines()).hasSize(3);
    }

    @Test
    void commandsOptionsNamesAndIdsAreCompleted() {
        ShellCompleter completer = new ShellCompleter(runner, session);
        assertThat(completer.candidates(List.of("ta"), 0, 2)).contains("tasks");
        assertThat(completer.candidates(List.of("tasks", "list", "--da"), 2, 4)).contains("--data");
        assertThat(completer.candidates(List.of("tasks", "list", "--executor", ""), 3, 0))
                .containsExactly("jobs", "mails");
        assertThat(completer.candidates(List.of("tasks", "show", "1"), 2, 1)).containsExactly("12", "11");
    }

    @Test
    void theHistoryLiesWhereStateBelongs() {
        assertThat(HistoryFile.usual(Map.of("XDG_STATE_HOME", "/state"), "/h"))
                .isEqualTo(Path.of("/state/holdfast/history"));
        assertThat(HistoryFile.usual(Map.of(), "/h")).isEqualTo(Path.of("/h/.local/state/holdfast/history"));
        assertThat(HistoryFile.prepare(Path.of("/proc/nothing/here"))).isEmpty();
    }

    private int script(String text, boolean keepGoing) throws Exception {
        Session fresh = new Session(runner, new PrintWriter(new StringWriter()), new PrintWriter(err), null);
        return new ScriptShell(fresh, new PrintWriter(err), keepGoing).run(new BufferedReader(new StringReader(text)));
    }

    private final class Commands implements CommandRunner {
        @Override
        public CommandLine commandLine(PrintWriter out, PrintWriter errors, List<String> words) {
            return everything();
        }

        @Override
        public CommandLine everything() {
            CommandLine tasks = new CommandLine(new Tasks())
                    .addSubcommand("list", new ListTasks())
                    .addSubcommand("show", new Show());
            return new CommandLine(new Root())
                    .addSubcommand("tasks", tasks)
                    .addSubcommand("other", new Other())
                    .addSubcommand("fail", new Fail());
        }

        @Override
        public Names names(String data) {
            return new Names(List.of("12", "11"), List.of("jobs", "mails"));
        }
    }

    @Command(name = "root")
    private static final class Root {}

    @Command(name = "tasks")
    private static final class Tasks {}

    @Command(name = "list")
    private final class ListTasks implements Runnable {
        @Option(names = "--data")
        @Nullable
        String data;

        @Option(names = "--executor", paramLabel = "NAME")
        @SuppressWarnings("unused") // only completed
        @Nullable
        String executor;

        @Override
        public void run() {
            ran.add("list " + data);
        }
    }

    @Command(name = "show")
    private static final class Show implements Runnable {
        @Parameters(paramLabel = "ID")
        @SuppressWarnings("unused") // only completed
        @Nullable
        String id;

        @Override
        public void run() {}
    }

    @Command(name = "other")
    private final class Other implements Runnable {
        @Override
        public void run() {
            ran.add("other");
        }
    }

    @Command(name = "fail")
    private final class Fail implements java.util.concurrent.Callable<Integer> {
        @Parameters
        int code;

        @Override
        public Integer call() {
            ran.add("fail " + code);
            return code;
        }
    }
}
