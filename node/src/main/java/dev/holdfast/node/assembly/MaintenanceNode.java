package dev.holdfast.node.assembly;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.Surroundings;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.LocalControl;
import dev.holdfast.node.admin.NodeControl;
import dev.holdfast.node.admin.SeenExecutor;
import dev.holdfast.node.admin.SubmitRequest;
import dev.holdfast.node.recovery.RecoveryReport;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.TaskId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A visit to the directory of a stopped node, to change something in it by hand. It does what it is told, and nothing that a
 * start of the node would: no task runs or is decoded, no crash is counted, nobody is quarantined or parked, no result is
 * evicted or expires, whatever the settings of the application are: they are not known here. A log that was not closed in
 * order stays so, and the next start judges it as if nobody had been here. What is answered is on the medium. One thread.
 */
public final class MaintenanceNode implements NodeControl {

    private final EmbeddedNode node;
    private final LocalControl control;

    private MaintenanceNode(EmbeddedNode node) {
        this.node = node;
        this.control = new LocalControl(node.inside());
    }

    /**
     * Opens the directory; nodes are kept out until {@link #close}.
     *
     * @param partitionCount the directory's
     * @param visitor what this process is doing, for a node that is started meanwhile
     * @param settings of the application, which decide how long an idempotency key is in force and what a submitted task is
     *     given; copied. {@link #unknownSettings} where they are not known
     * @param classLoader for a task that is to be submitted, or whose changed code is to be accepted; null: this program's
     * @throws dev.holdfast.config.ConfigurationException naming every mistake in {@code settings}
     * @throws HoldfastException it can not be opened, caused by {@link
     *     dev.holdfast.storage.directory.DirectoryInUseException} where a node has it
     */
    public static MaintenanceNode open(
            Path directory, int partitionCount, String visitor, Config settings, @Nullable ClassLoader classLoader) {
        Config config = settings.copy().validate();
        // From here on it is no node's: its name is a sentence.
        config.setNodeName(visitor).setPartitionCount(partitionCount).setAutoStart(false);
        config.getStorageConfig()
                .setDirectory(directory)
                .setSync(SyncPolicy.ALWAYS)
                .setAllowNetworkFileSystem(true); // the node that was here was let in
        config.getNetworkConfig().setEnabled(false);
        if (classLoader != null) {
            config.setClassLoader(classLoader);
        }
        return new MaintenanceNode(EmbeddedNode.start(config, DirectoryStore.open(config), NodeMode.VISIT));
    }

    /** The defaults, whatever the variables and properties of this process, which are not the application's. */
    public static Config unknownSettings() {
        return new Config(Surroundings.none());
    }

    /** What was found when the logs were read. */
    public RecoveryReport report() {
        return node.report();
    }

    @Override
    public Optional<SeenExecutor> operate(String executor, ExecutorOperation operation) {
        if (node.inside().executors().contains(executor)) {
            node.finishOperations(executor);
        }
        return control.operate(executor, operation);
    }

    @Override
    public void act(TaskAction action, List<TaskId> ids, Consumer<TaskOutcome> outcomes) {
        control.act(action, ids, outcomes);
    }

    @Override
    public TaskId submit(SubmitRequest request) {
        node.finishOperations(request.executor());
        return control.submit(request);
    }

    /** Everything is on the medium, and nodes are let in again. */
    @Override
    public void close() {
        node.close();
    }
}
