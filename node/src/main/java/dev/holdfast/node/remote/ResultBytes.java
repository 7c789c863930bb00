package dev.holdfast.node.remote;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.storage.log.BodyGoneException;
import org.jspecify.annotations.Nullable;

/** Reads bodies that a checkpoint may move meanwhile. */
final class ResultBytes {

    private ResultBytes() {}

    /** The bytes, or null if there are none any more; may read the disk. */
    static byte @Nullable [] read(PartitionAccess partition, TaskEntry entry, Part part) {
        if (part.of(entry) == null) {
            return null;
        }
        try {
            return partition.read(entry, part);
        } catch (BodyGoneException e) {
            TaskEntry now = partition.find(entry.sequence());
            if (now == null || part.of(now) == null) {
                return null;
            }
            return partition.read(now, part);
        }
    }
}
