package dev.holdfast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands about tasks. */
@Command(
        name = "tasks",
        description = "Look at tasks and results, and act on them; of a running node, or in a stopped one's directory.",
        mixinStandardHelpOptions = true)
final class TasksCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which tasks command?");
    }
}
