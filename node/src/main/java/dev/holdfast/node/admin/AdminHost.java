package dev.holdfast.node.admin;

import dev.holdfast.node.admin.TaskView.LiveNode;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.service.DurableExecutorServiceImpl;
import dev.holdfast.node.service.NodeContext;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;
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

    /** Executors that were ever used, are used, or are configured by their full names. */
    SortedSet<String> executors();

    /** Of a name that {@link #executors} has, or that is about to be used. */
    DurableExecutorServiceImpl service(String executor);

    /** The cluster as this node sees it; of a node alone, itself. Reads memory only. */
    ClusterReport report();

    /**
     * Carries {@code order} out; blocks until it is decided, or for as long as the order says.
     *
     * @return what was done, in words
     * @throws AdminFailure it was not
     */
    String order(ClusterOrder order);

    /**
     * Up to where the copy of a partition that is here may be read from its files; empty if nobody writes it.
     *
     * @throws AdminFailure it is not known in time, as when the disk stalls: it may be written meanwhile
     */
    Optional<LogEnd> writtenEnd(PartitionId partition);

    /** Whether it knows how executors are configured; a client does not. */
    default boolean knowsSettings() {
        return true;
    }

    /** Where classes of tasks are; null: the system's. */
    @Nullable
    ClassLoader classLoader();
}
