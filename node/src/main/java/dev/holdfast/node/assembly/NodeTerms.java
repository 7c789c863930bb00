package dev.holdfast.node.assembly;

import dev.holdfast.node.cluster.Terms;
import dev.holdfast.node.execution.QueuedTask;
import dev.holdfast.node.execution.RunningTask;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the tasks of the partitions that this node leads, and stops when it leads them no more. Thread-safe. */
final class NodeTerms implements Terms {

    private final NodeEvents events;
    private final RunningTasks running;
    private final Consumer<Throwable> onFailed;
    private final Consumer<String> onExecutorLed;

    /** Set before any replica starts: the pools need the slots, which need the replicas. */
    private volatile @Nullable Pools pools;

    /** @param onExecutorLed told each executor of a partition that comes to this node */
    NodeTerms(NodeEvents events, RunningTasks running, Consumer<Throwable> onFailed, Consumer<String> onExecutorLed) {
        this.events = events;
        this.running = running;
        this.onFailed = onFailed;
        this.onExecutorLed = onExecutorLed;
    }

    void setPools(Pools pools) {
        this.pools = pools;
    }

    @Override
    public void began(Partition partition, List<TaskEntry> notEnded) {
        Pools target = pools;
        if (target == null) {
            throw new IllegalStateException("Leads before there are pools: partition=" + partition.id());
        }
        partition.executors().forEach(target::refresh);
        partition.executors().forEach(onExecutorLed);
        for (TaskEntry entry : notEnded) {
            if (entry.state() == State.QUARANTINED) {
                events.quarantined(TaskId.of(partition.id(), entry.sequence()), entry);
            } else {
                target.execute(entry.executor(), new QueuedTask(partition, entry.sequence()));
            }
        }
    }

    @Override
    public void ended(Partition partition) {
        for (RunningTask task : running.of(partition)) { // not those of a term that has begun since
            task.abandon(); // who leads now runs it again
            task.interrupt();
        }
        Pools target = pools;
        if (target != null) {
            partition.executors().forEach(target::refresh);
        }
    }

    @Override
    public boolean isRunning(PartitionId partition) {
        return !running.of(partition).isEmpty();
    }

    @Override
    public void failed(Throwable cause) {
        onFailed.accept(cause);
    }
}
