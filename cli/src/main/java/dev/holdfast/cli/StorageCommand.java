package dev.holdfast.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands about the files of a data directory. */
@Command(
        name = "storage",
        description =
                "Check or print the logs in a data directory, of a running, stopped or killed node; repair those of a stopped one.",
        mixinStandardHelpOptions = true)
final class StorageCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which storage command?");
    }
}
