package dev.holdfast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members and partitions as this node sees them. Thread-safe; reads memory only. */
public interface Cluster {

    /**
     * The nodes of the cluster; of an embedded node, itself.
     *
     * @return a copy
     */
    List<Member> members();

    /**
     * This node; of a client, itself.
     *
     * @return one of {@link #members}, but of a client
     */
    Member localMember();

    /**
     * All partitions and how they are now.
     *
     * @return in the order of their numbers, {@code partition-count} (16) of them
     */
    List<Partition> partitions();

    /**
     * The partition that {@code key} belongs to: the same in every JVM, for every executor.
     *
     * @param executorName any executor's
     * @param key serialisable
     * @return how it is now
     * @throws TaskNotSerializableException the key can not be encoded
     */
    Partition partitionOf(String executorName, Object key);

    /**
     * A node of the cluster.
     *
     * @param name {@code node-name}
     * @param id made with its data directory, never changes
     * @param address host and port; null where no port is open
     * @param local whether it is the one that was asked
     */
    record Member(String name, String id, @Nullable String address, boolean local) {}

    /**
     * A partition of tasks.
     *
     * @param id from 0
     * @param primary name of the member that executes its tasks
     * @param serving false where the partition refuses, for example because its log is damaged
     * @param problem why it refuses; null where it serves
     */
    record Partition(
            int id,
            String primary,
            boolean serving,
            @Nullable String problem) {}
}
