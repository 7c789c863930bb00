package dev.holdfast.cli;

import dev.holdfast.cli.console.Candidates;
import dev.holdfast.cli.console.ColorChoice;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.StandardOutput;
import dev.holdfast.cli.console.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point of the console. */
@Command(
        name = "holdfast",
        description = {"A storage-backed durable executor service for Java.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.LOCAL,
        footer = {
            "",
            "Exit codes: 0 ok, 1 failed, 2 wrong usage, 3 refused, 4 not found, 5 unreachable.",
            "Start with: holdfast demo"
        })
public final class Main implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(names = "--debug", description = "Show stack traces of failures.", scope = ScopeType.INHERIT)
    private boolean debug;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            completionCandidates = Candidates.Colors.class,
            defaultValue = "auto",
            description = "Colours: auto (on a terminal, unless NO_COLOR is set), always, never.",
            scope = ScopeType.INHERIT)
    @SuppressWarnings({"NullAway.Init", "unused"}) // picocli sets it; Output asks picocli for it
    private ColorChoice color;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StandardOutput out = new StandardOutput();
        PrintWriter err = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8), false);
        int exitCode = run(out.writer(), err, arguments);
        Optional<IOException> lost = out.lost();
        if (lost.isPresent()) {
            err.println("holdfast: The answer could not be written: cause="
                    + lost.get().getMessage() + "; make room, or write it elsewhere");
            exitCode = exitCode == ExitCodes.OK ? ExitCodes.FAILED : exitCode;
        }
        err.flush();
        System.exit(exitCode);
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(out, err, arguments).execute(arguments);
    }

    /** For these arguments and no others: the commands that they do not name are not there. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err, String... arguments) {
        Help.Ansi ansi = Terminal.ofStandardOutput(colorIn(arguments)).colour() ? Help.Ansi.ON : Help.Ansi.OFF;
        return CommandTree.build(new Main(), Set.copyOf(Arrays.asList(arguments))::contains)
                .setOut(out)
                .setErr(err)
                .setColorScheme(Help.defaultColorScheme(ansi))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new ErrorRenderer())
                .setParameterExceptionHandler(ErrorRenderer::wrongUsage);
    }

    private static ColorChoice colorIn(String... arguments) {
        String words = String.join(" ", arguments).toLowerCase(Locale.ROOT);
        if (words.contains("--color=always") || words.contains("--color always")) {
            return ColorChoice.ALWAYS;
        }
        boolean never = words.contains("--color=never") || words.contains("--color never");
        return never ? ColorChoice.NEVER : ColorChoice.AUTO;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command?");
    }

    /** Whether the command line that {@code spec} is part of asks for stack traces. */
    static boolean debug(CommandSpec spec) {
        return spec.root().userObject() instanceof Main main && main.debug;
    }
}
