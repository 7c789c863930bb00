package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.OfflineView;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.DirectoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a command looks. */
final class Target {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./holdfast-data",
            description = "Data directory of a node; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Path data;

    /**
     * The tasks in the directory: asked of the node that has it open, else read from the files, and then nodes are kept
     * out until the view is closed.
     */
    TaskView open(String reader) throws IOException {
        Path directory = directory();
        try {
            return OfflineView.open(directory, reader);
        } catch (DirectoryInUseException inUse) {
            try {
                return AdminClient.connect(directory);
            } catch (IOException noAnswer) {
                inUse.addSuppressed(noAnswer);
                throw new CommandFailure(
                        ExitCodes.REFUSED,
                        "A process holds this directory and does not answer: --data=" + directory + ", holder=("
                                + inUse.holder() + "), cause=" + noAnswer.getMessage()
                                + "; if it is no node, try again when it has ended, else stop the node first",
                        inUse);
            }
        }
    }

    /** The directory, which exists and looks like a node's. */
    Path directory() throws IOException {
        Path directory = data.toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    (Files.exists(directory) ? "Not a directory" : "No such directory") + ": --data=" + directory
                            + "; name the data directory of a Holdfast node");
        }
        boolean known = Files.exists(DirectoryLayout.nodeProperties(directory))
                || !DirectoryLayout.partitions(directory).isEmpty();
        if (!known) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "Not a Holdfast data directory: --data=" + directory
                            + "; it has no node.properties and no partitions: name the directory that the node was"
                            + " given");
        }
        return directory;
    }

    static CommandFailure inUse(Path directory, DirectoryInUseException inUse) {
        return new CommandFailure(
                ExitCodes.REFUSED,
                "A live node holds this directory: --data=" + directory + ", holder=(" + inUse.holder()
                        + "); this command reads the files of a stopped node: stop it first",
                inUse);
    }
}
