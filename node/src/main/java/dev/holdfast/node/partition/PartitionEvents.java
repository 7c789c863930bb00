package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;

/**
 * What a partition tells the rest of its node, after the commit and outside its lock, on whatever thread held it. Two
 * batches may be told out of order, so receivers look at what is committed now instead of trusting the order. Must be short
 * and run no user code.
 */
public interface PartitionEvents {

    /** A task may be started; whether it still may is to be checked at the start. */
    void onRunnable(Partition partition, TaskEntry entry);

    /** The task was cancelled while it may be running here. */
    void onCancelled(Partition partition, TaskEntry entry);

    /** The task left the ring; it may be running here. */
    void onRemoved(Partition partition, TaskEntry entry, Reply.Staleness why);

    /** The task was parked or quarantined. */
    void onHeld(Partition partition, TaskEntry entry);

    /** The executor was shut down, reopened, paused, resumed or destroyed. */
    void onExecutorChanged(Partition partition, String executor);

    /** The log can not be written or forced any more: the node has to stop. At once, so maybe under the partition's lock. */
    void onLogFailed(Partition partition, Throwable cause);
}
