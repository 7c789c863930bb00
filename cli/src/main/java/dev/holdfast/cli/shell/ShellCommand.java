package dev.holdfast.cli.shell;

import dev.holdfast.cli.console.ColorChoice;
import dev.holdfast.cli.console.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast shell}. */
@Command(
        name = "shell",
        description =
                "Type commands without waiting for a JVM each time: with history, completion of commands, options,"
                        + " executor names and task ids, and a --data that is remembered. Without a terminal the commands come"
                        + " from the standard input, one on a line; # begins a comment.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  ended; without a terminal: all commands succeeded",
            "  2  wrong usage",
            "  any other: of the first command that failed, without a terminal"
        })
public final class ShellCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    private final CommandRunner runner;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory for commands that do not name one; one that does is remembered.")
    private @Nullable String data;

    @Option(names = "--keep-going", description = "Without a terminal: go on after a command that failed.")
    private boolean keepGoing;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Where lines are kept; default: holdfast/history in $XDG_STATE_HOME or ~/.local/state. A line"
                    + " that begins with a blank is not kept.")
    private @Nullable Path history;

    public ShellCommand(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Session session = new Session(runner, out, err, data);
        if (Terminal.standardInputIsTerminal()
                && Terminal.ofStandardOutput(ColorChoice.AUTO).interactive()) {
            Path file = history == null
                    ? HistoryFile.usual(System.getenv(), System.getProperty("user.home", "."))
                    : history;
            return new InteractiveShell(
                            runner, session, out, HistoryFile.prepare(file).orElse(null))
                    .run();
        }
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return new ScriptShell(session, err, keepGoing).run(commands);
    }
}
