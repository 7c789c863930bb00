package dev.holdfast.cli;

import dev.holdfast.Cluster;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast start}: a node that runs until it is stopped. */
@Command(
        name = "start",
        description = "Run a node until it is stopped with Ctrl-C or SIGTERM: it then closes gracefully.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  stopped in order",
            "  1  failed",
            "  2  wrong usage, or mistakes in the configuration: all of them are printed",
            "  3  refused: another node holds the data directory, or it does not fit the configuration",
            "  4  the configuration file or an entry of --tasks-path does not exist"
        })
final class StartCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);

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
        HoldfastInstance node = Holdfast.newInstance(config);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "holdfast-stop"));
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

    /** One line that a script can wait for. */
    private static String ready(HoldfastInstance node, Config config) {
        List<Cluster.Partition> partitions = node.getCluster().partitions();
        long serving = partitions.stream().filter(Cluster.Partition::serving).count();
        return "Node ready: node=" + node.getName() + ", pid="
                + ProcessHandle.current().pid() + ", directory="
                + config.getStorageConfig().getDirectory().toAbsolutePath().normalize() + ", partitions=" + serving
                + (serving < partitions.size() ? " of " + partitions.size() + " (the others refuse, see the log)" : "");
    }

    /**
     * Runs in the shutdown hook. A JVM that a signal ends reports 128 and the signal's number, and only {@code halt}
     * changes that: being asked to stop, and stopping, is no failure.
     */
    private static void stop(HoldfastInstance node) {
        int exitCode = ExitCodes.OK;
        try {
            node.close();
        } catch (RuntimeException e) {
            LOG.error(ErrorCode.CLOSE_NOT_FORCED.says("The node did not close in order"), e);
            exitCode = ExitCodes.FAILED;
        }
        Runtime.getRuntime().halt(exitCode);
    }
}
