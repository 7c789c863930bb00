package dev.holdfast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands about executors. */
@Command(
        name = "executors",
        description = "Look at executors, and act on them; of a running node, or in a stopped one's directory.",
        mixinStandardHelpOptions = true)
final class ExecutorsCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which executors command?");
    }
}
