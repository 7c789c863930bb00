package dev.holdfast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members and partitions as this node sees them. */
public interface Cluster {

    List<Member> members();

    Member localMember();

    List<Partition> partitions();

    /** The partition that {@code key} belongs to: the same in every JVM, for every executor. */
    Partition partitionOf(String executorName, Object key);

    /** A node of the cluster. {@code address} is null where no port is open. */
    record Member(String name, String id, @Nullable String address, boolean local) {}

    /**
     * A partition of tasks.
     *
     * @param primary name of the member that executes its tasks
     * @param serving false where the partition refuses, for example because its log is damaged; {@code problem} says why
     */
    record Partition(
            int id,
            String primary,
            boolean serving,
            @Nullable String problem) {}
}
