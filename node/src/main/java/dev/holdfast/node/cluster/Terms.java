package dev.holdfast.node.cluster;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;

/** What the node does as it comes to lead partitions, and loses them. Any thread but the network's; may take a while. */
public interface Terms {

    /**
     * From now on tasks of {@code partition} are this node's to run.
     *
     * @param notEnded those that were there before: to be run, parked, which may be decoded here and now, or quarantined
     */
    void began(Partition partition, List<TaskEntry> notEnded);

    /** No more: what runs is for nothing. */
    void ended(Partition partition);

    /** Whether an attempt of a task of {@code partition} runs here. */
    boolean isRunning(PartitionId partition);

    /** The disk failed: the node has to stop. */
    void failed(Throwable cause);
}
