package dev.holdfast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands that change who is in a cluster, and what counts in it. */
@Command(
        name = "cluster",
        description = "Recover partitions, remove members, leave: through the data directory of a running member.",
        mixinStandardHelpOptions = true)
final class ClusterCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which cluster command?");
    }
}
