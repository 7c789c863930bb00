package dev.holdfast.cli;

import dev.holdfast.cli.console.Terminal;
import dev.holdfast.cli.demo.DemoCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
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
        subcommands = {
            StartCommand.class,
            DemoCommand.class,
            TasksCommand.class,
            StorageCommand.class,
            HelpCommand.class
        },
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

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        PrintWriter out = writer(FileDescriptor.out);
        PrintWriter err = writer(FileDescriptor.err);
        int exitCode = run(out, err, arguments);
        out.flush();
        err.flush();
        System.exit(exitCode);
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        Help.Ansi ansi = Terminal.ofStandardOutput().colour() ? Help.Ansi.ON : Help.Ansi.OFF;
        CommandLine commandLine = new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setColorScheme(Help.defaultColorScheme(ansi))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(new ErrorRenderer())
                .setParameterExceptionHandler(ErrorRenderer::wrongUsage);
        return commandLine.execute(arguments);
    }

    /** UTF-8 whatever the locale is: the documents are, and so are the file names that the launcher lets Java see. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
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
