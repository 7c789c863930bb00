package dev.holdfast.cli;

import dev.holdfast.HoldfastException;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Quoting;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.Surroundings;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.AdminSocket;
import dev.holdfast.node.admin.ClusterClient;
import dev.holdfast.node.admin.NodeControl;
import dev.holdfast.node.admin.OfflineView;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.assembly.ClientNode;
import dev.holdfast.node.assembly.MaintenanceNode;
import dev.holdfast.node.remote.ClusterInquiry;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.NodeProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a command looks. */
final class Target implements Watch.Subject {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./holdfast-data",
            description = "Data directory of a node; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Path data;

    @Option(
            names = "--address",
            paramLabel = "HOST:PORT",
            split = ",",
            description =
                    "A member of a cluster, in place of --data; several with commas, the first that answers is asked.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--tls-certificates",
            paramLabel = "FILE",
            description = "With --address, of a cluster with TLS: the console's certificate and those above it, PEM.")
    private @Nullable Path tlsCertificates;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Its private key, PKCS #8, PEM, without a password.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--tls-trusted",
            paramLabel = "FILE",
            description = "Certificates of the authorities that members' certificates have to be from, PEM.")
    private @Nullable Path tlsTrusted;

    @Option(
            names = "--insecure",
            description = "With --address: connects to other addresses than loopback without TLS.")
    private boolean insecure;

    /** For what a member answers from memory. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private @Nullable LiveNode lastSeen;

    /**
     * The tasks in the directory: asked of the node that has it open, else read from the files, and then nodes are kept
     * out until the view is closed.
     */
    TaskView open(String reader) throws IOException {
        if (isCluster()) {
            return client(null);
        }
        Path directory = directory();
        try {
            TaskView view = OfflineView.open(directory, reader);
            lastSeen = null;
            return view;
        } catch (DirectoryInUseException inUse) {
            TaskView view = live(directory, inUse);
            lastSeen = view.node().orElse(null);
            return view;
        }
    }

    /** Who has it locked is a node that does not answer, or no node: another console that reads. */
    private static CommandFailure unreachable(Path directory, DirectoryInUseException inUse, IOException noAnswer) {
        boolean node = Files.exists(directory.resolve(AdminSocket.FILE));
        inUse.addSuppressed(noAnswer);
        return new CommandFailure(
                node ? ExitCodes.UNREACHABLE : ExitCodes.REFUSED,
                (node ? ErrorCode.NODE_NOT_ANSWERING : ErrorCode.DIRECTORY_IN_USE)
                        .says("A process holds this directory and does not answer: --data=" + directory + ", holder=("
                                + inUse.holder() + "), cause=" + noAnswer.getMessage()
                                + (node
                                        ? "; is it stopped (SIGSTOP), starting, or out of memory? `kill -QUIT` its pid shows"
                                                + " what it does"
                                        : "; if it is no node, try again when it has ended, else stop the node first")),
                inUse);
    }

    /**
     * What is watched is a node: one that goes away ends it. In the files of a stopped one nothing changes, so they are
     * not read again, for that keeps nodes out: the next to see is the node that is started there.
     */
    @Override
    public boolean mayHaveChanged() throws IOException {
        if (isCluster()) {
            return true;
        }
        LiveNode before = lastSeen;
        try (TaskView view = AdminClient.connect(directory())) {
            return view.node().isPresent();
        } catch (IOException noAnswer) {
            if (before == null) {
                return false;
            }
            throw new CommandFailure(
                    ExitCodes.UNREACHABLE,
                    "The node that was watched has gone: node=" + before.name() + ", pid=" + before.pid()
                            + ", directory=" + directory()
                            + "; without --watch the files that it left are read, and `" + Quoting.command()
                            + " start` starts one",
                    noAnswer);
        }
    }

    /**
     * The node to act on: the one that has the directory open, else a visit to the directory itself, and then nodes are kept
     * out until it is closed.
     *
     * @param visitor what this process is doing, for a node that is started meanwhile
     * @param classes of tasks, for a visit; a running node has its own
     */
    NodeControl control(String visitor, @Nullable ClassLoader classes) throws IOException {
        return control(visitor, null, classes);
    }

    /** @param settings file with the application's configuration, for a visit; null: not known */
    NodeControl control(String visitor, @Nullable Path settings, @Nullable ClassLoader classes) throws IOException {
        if (isCluster()) {
            return client(classes);
        }
        Path directory = directory();
        if (Files.exists(directory.resolve(AdminSocket.FILE))) {
            try {
                return AdminClient.connect(directory);
            } catch (IOException nobodyListens) {
                // a node that was killed leaves its socket
            }
        }
        try {
            int partitions = NodeProperties.read(DirectoryLayout.nodeProperties(directory))
                    .partitionCount();
            Config config =
                    settings == null ? MaintenanceNode.unknownSettings() : Config.load(settings, Surroundings.none());
            return MaintenanceNode.open(directory, partitions, visitor, config, classes);
        } catch (HoldfastException e) {
            DirectoryInUseException inUse = inUse(e);
            if (inUse == null) {
                throw e;
            }
            return live(directory, inUse);
        }
    }

    private static @Nullable DirectoryInUseException inUse(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DirectoryInUseException inUse) {
                return inUse;
            }
        }
        return null;
    }

    // ---- clusters

    private boolean isCluster() {
        return !addresses.isEmpty();
    }

    private ClusterReport ask() {
        try {
            return ClusterInquiry.ask(clientConfig().validate(), ANSWER);
        } catch (IllegalArgumentException wrong) {
            throw new CommandFailure(ExitCodes.USAGE, "--address, --tls-*: " + wrong.getMessage());
        }
    }

    private ClientConfig clientConfig() {
        return new ClientConfig()
                .setMembers(addresses)
                .setTlsCertificates(tlsCertificates)
                .setTlsKey(tlsKey)
                .setTlsTrusted(tlsTrusted)
                .setInsecure(insecure);
    }

    /** Nothing is deserialised here but what the caller allows. */
    private ClusterClient client(@Nullable ClassLoader classes) {
        ClusterReport report = ask();
        ClientConfig config = clientConfig().setClusterName(report.clusterName());
        config.getSerializationConfig().addAllowedClasses("**"); // what the user names is submitted; results stay bytes
        config.setClassLoader(classes);
        return ClientNode.forConsole(config, report);
    }

    /** The cluster as the node sees it; of a node alone, itself. */
    ClusterReport report() throws IOException {
        if (isCluster()) {
            return ask();
        }
        try (AdminClient node = running()) {
            return node.report();
        }
    }

    /**
     * The running node of the directory, to take orders. Never over the network: whoever reaches the port could give them, for
     * there is no saying who it is; the directory's socket is its owner's alone.
     */
    AdminClient member() throws IOException {
        if (isCluster()) {
            throw new CommandFailure(
                    ExitCodes.REFUSED,
                    "Orders go through the data directory of a running member, not over the network, where nobody knows"
                            + " who gives them: on its machine, --data DIR in place of --address");
        }
        return running();
    }

    private AdminClient running() throws IOException {
        Path directory = directory();
        try {
            return AdminClient.connect(directory);
        } catch (IOException noAnswer) {
            throw new CommandFailure(
                    ExitCodes.UNREACHABLE,
                    ErrorCode.NODE_NOT_ANSWERING.says("No node answers there: --data=" + directory + ", cause="
                            + noAnswer.getMessage() + "; is it running? `" + Quoting.command() + " start` starts one"),
                    noAnswer);
        }
    }

    /** Who sits here, for the log. */
    static String operator() {
        return System.getProperty("user.name", "unknown");
    }

    /** The option that has another command look at the same place. */
    String option() throws IOException {
        if (!isCluster()) {
            return "--data " + Quoting.path(directory());
        }
        StringBuilder options = new StringBuilder("--address " + Quoting.shell(String.join(",", addresses)));
        append(options, "--tls-certificates", tlsCertificates);
        append(options, "--tls-key", tlsKey);
        append(options, "--tls-trusted", tlsTrusted);
        return options.append(insecure ? " --insecure" : "").toString();
    }

    private static void append(StringBuilder options, String name, @Nullable Path file) {
        if (file != null) {
            options.append(' ').append(name).append(' ').append(Quoting.path(file));
        }
    }

    /** The directory, which exists and looks like a node's. */
    Path directory() throws IOException {
        if (isCluster()) {
            throw new CommandFailure(
                    ExitCodes.USAGE, "This looks at the files of one node: --data DIR in place of --address");
        }
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
                    ErrorCode.NOT_A_DATA_DIRECTORY.says("Not a Holdfast data directory: --data=" + directory
                            + "; it has no node.properties and no partitions: name the directory that the node was"
                            + " given"));
        }
        return directory;
    }

    /** The node that keeps others out of {@code directory}. */
    static AdminClient live(Path directory, DirectoryInUseException inUse) {
        try {
            return AdminClient.connect(directory);
        } catch (IOException noAnswer) {
            throw unreachable(directory, inUse, noAnswer);
        }
    }
}
