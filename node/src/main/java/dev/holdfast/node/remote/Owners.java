package dev.holdfast.node.remote;

import dev.holdfast.storage.log.PartitionId;
import java.util.function.Consumer;

/** Who leads which partition, as this process sees it. Thread-safe; nothing blocks. */
public interface Owners {

    Owner of(PartitionId partition);

    /** How many members have all that is committed in {@code partition}, as far as this process knows. */
    default int copies(PartitionId partition) {
        return 1;
    }

    /**
     * Has {@code listener} called whenever the owner of a partition may have become another, after {@link #of} says so; by any
     * thread, which it must not hold up.
     */
    void onChange(Consumer<PartitionId> listener);

    /** What the node said that {@link #of} had named, and that leads the partition no more: a hint to look again. */
    default void notHere(PartitionId partition, NotHere said) {}
}
