package dev.holdfast.cli;

import dev.holdfast.Cluster;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast start}: a node that runs until it is stopped. */
@Command(
        name = "start",
        description = {
            "Run a node until it is stopped with Ctrl-C or SIGTERM: it then closes gracefully.",
            "With network.enabled it is a member of a cluster, waits until enough others are there to be one, and hands what it"
                    + " leads over when it is stopped."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  stopped in order, also while it waited for other members",
            "  1  failed",
            "  2  wrong usage, or mistakes in the configuration: all of them are printed",
            "  3  refused: another node holds the data directory, it does not fit the configuration, or the cluster does not take"
                    + " the node",
            "  4  the configuration file or an entry of --tasks-path does not exist"
        })
final class StartCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration, XML or YAML; default: holdfast.xml or holdfast.yaml in the working directory,"
                    + " else an embedded node.")
    private @Nullable Path configuration;

    @Option(names = "--data", paramLabel = "DIR", description = "Data directory; goes before the configuration's.")
    private @Nullable Path data;

    @Option(
            names = "--tasks-path",
            paramLabel = "JARS",
            description = "Jars and folders with the classes of tasks and results, as a class path: a `*` at the end of"
                    + " a folder stands for its jars.")
    private @Nullable String tasksPath;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Config config = configuration();
        if (data != null) {
            config.getStorageConfig().setDirectory(data);
        }
        if (tasksPath != null) {
            config.setClassLoader(TasksPath.loader(tasksPath));
        }
        if (config.getNetworkConfig().isEnabled()) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(starting(config));
            err.flush();
        }
        HoldfastInstance node = NodeProcess.start(config);
        PrintWriter out = spec.commandLine().getOut();
        out.println(ready(node, config));
        out.flush();
        new CountDownLatch(1).await(); // the hook ends the process
        return ExitCodes.OK;
    }

    private Config configuration() {
        if (configuration == null) {
            return Config.loadDefault();
        }
        if (!configuration.toFile().exists()) {
            throw new CommandFailure(
                    ExitCodes.NOT_FOUND,
                    "No such configuration file: --config=" + configuration.toAbsolutePath()
                            + "; without --config an embedded node is started");
        }
        return Config.load(configuration);
    }

    private static String starting(Config config) {
        return "Becoming a member: node=" + config.getNodeName() + ", cluster-name=" + config.getClusterName()
                + ", members=" + config.getNetworkConfig().getMembers()
                + "; waits until enough of them are there, Ctrl-C ends that";
    }

    /** One line that a script can wait for. */
    private static String ready(HoldfastInstance node, Config config) {
        Cluster cluster = node.getCluster();
        List<Cluster.Partition> partitions = cluster.partitions();
        long serving = partitions.stream().filter(Cluster.Partition::serving).count();
        String address = cluster.localMember().address();
        String first = "Node ready: node=" + node.getName() + ", pid="
                + ProcessHandle.current().pid() + ", directory="
                + config.getStorageConfig().getDirectory().toAbsolutePath().normalize();
        return address == null
                ? first + ", partitions=" + serving
                        + (serving < partitions.size()
                                ? " of " + partitions.size() + " (the others refuse, see the log)"
                                : "")
                : first + ", address=" + address + ", cluster-name=" + config.getClusterName() + ", members="
                        + cluster.members().stream()
                                .map(Cluster.Member::name)
                                .sorted()
                                .toList() + ", partitions="
                        + partitions.size();
    }
}
