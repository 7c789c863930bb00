package dev.holdfast.node.assembly;

import dev.holdfast.config.Config;
import dev.holdfast.node.admin.AdminHost;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.execution.SuspectsNow;
import dev.holdfast.node.execution.TaskRunner;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.node.service.NodeContext;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node for those who look into it and act on it from outside. Thread-safe. */
record NodeInside(
        EmbeddedContext ofServices,
        NodeParts parts,
        Pools pools,
        TaskRunner runner,
        long session,
        Supplier<List<Partition>> serving,
        Map<String, DurableExecutorServiceImpl> inUse,
        Function<String, DurableExecutorServiceImpl> services,
        InCluster cluster)
        implements AdminHost {

    /** What a node has that depends on whether it is alone. Thread-safe. */
    interface InCluster {
        ClusterReport report();

        /** Names that others use; may ask them, and block for seconds. */
        SortedSet<String> executors();

        String order(ClusterOrder order);

        Optional<LogEnd> writtenEnd(PartitionId partition);
    }

    private static final long PID = ProcessHandle.current().pid();

    @Override
    public LiveNode describe() {
        SuspectsNow suspects = runner.suspects();
        return new LiveNode(
                ofServices.nodeName(), PID, session, pools.isStarted(), suspects.running(), suspects.waiting());
    }

    @Override
    public NodeContext context() {
        return ofServices;
    }

    @Override
    public ClusterReport report() {
        return cluster.report();
    }

    @Override
    public String order(ClusterOrder order) {
        return cluster.order(order);
    }

    @Override
    public Optional<LogEnd> writtenEnd(PartitionId partition) {
        return cluster.writtenEnd(partition);
    }

    @Override
    public SortedSet<String> executors() {
        TreeSet<String> names = new TreeSet<>(inUse.keySet());
        serving.get().forEach(partition -> names.addAll(partition.executors()));
        names.addAll(cluster.executors());
        // of the configured, not those that stand for others; an executor that is used may have any name
        ofServices.config().getDurableExecutorConfigs().keySet().stream()
                .filter(name -> !name.contains("*") && !name.equals(Config.DEFAULT_NAME))
                .forEach(names::add);
        return names;
    }

    @Override
    public DurableExecutorServiceImpl service(String executor) {
        return services.apply(executor);
    }

    @Override
    public @Nullable ClassLoader classLoader() {
        return parts.classLoader();
    }
}
