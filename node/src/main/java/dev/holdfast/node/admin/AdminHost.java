package dev.holdfast.node.admin;

import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.node.service.NodeContext;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A node as this room sees it; implemented where a node is assembled. Thread-safe. */
public interface AdminHost {

    /** As it is now. */
    LiveNode describe();

    NodeContext context();

    default List<PartitionAccess> partitions() {
        return context().partitions();
    }

    RunningTasks running();

    /** Executors that were ever used, are used, or are configured by their full names. */
    SortedSet<String> executors();

    /** Of a name that {@link #executors} has, or that is about to be used. */
    DurableExecutorServiceImpl service(String executor);

    /** Where classes of tasks are; null: the system's. */
    @Nullable
    ClassLoader classLoader();
}
