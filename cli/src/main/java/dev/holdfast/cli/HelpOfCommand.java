package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast help}: as {@code --help} behind the command. Picocli's own takes one word. */
@Command(
        name = "help",
        description = "Show the help of a command.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes:", "  0  shown", "  2  there is no such command"})
final class HelpOfCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "A command, with its group: tasks retry.")
    private List<String> path = new ArrayList<>();

    @Override
    public Integer call() {
        CommandLine command = new CommandLine(spec.root());
        for (String name : path) {
            CommandLine child = command.getSubcommands().get(name);
            if (child == null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "No such command: " + String.join(" ", path)
                                + (command.getSubcommands().isEmpty()
                                        ? "; " + command.getCommandSpec().qualifiedName() + " has no commands"
                                        : "; known: "
                                                + String.join(
                                                        ", ",
                                                        command.getSubcommands().keySet())));
            }
            command = child;
        }
        command.usage(
                spec.commandLine().getOut(), spec.root().commandLine().getHelp().colorScheme());
        return ExitCodes.OK;
    }
}
