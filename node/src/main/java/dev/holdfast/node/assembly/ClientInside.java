package dev.holdfast.node.assembly;

import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.admin.AdminHost;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.node.service.NodeContext;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A client for the console: it sees what it asks members for. */
record ClientInside(
        NodeContext context,
        ClusterReport report,
        SortedSet<String> executors,
        Function<String, DurableExecutorServiceImpl> services)
        implements AdminHost {

    /** Not the client: whoever executes. */
    @Override
    public LiveNode describe() {
        return new LiveNode(report.nameOf(report.node()), 0, 0, true, null, 0);
    }

    @Override
    public DurableExecutorServiceImpl service(String executor) {
        return services.apply(executor);
    }

    @Override
    public String order(ClusterOrder order) {
        throw new AdminFailure(Reason.REFUSED, "Only a member takes orders, through its data directory: --data");
    }

    @Override
    public Optional<LogEnd> writtenEnd(PartitionId partition) {
        return Optional.empty();
    }

    @Override
    public boolean knowsSettings() {
        return false;
    }

    @Override
    public @Nullable ClassLoader classLoader() {
        return context.config().getClassLoader();
    }
}
