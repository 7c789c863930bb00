package dev.holdfast.node.assembly;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.execution.QueuedTask;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionEvents;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries what partitions tell to pools, running attempts and the log. Thread-safe. */
final class NodeEvents implements PartitionEvents {

    private static final Logger LOG = LoggerFactory.getLogger(NodeEvents.class);
    private static final long EVICTION_LOG_SECONDS = 60;

    private final RunningTasks running;
    private final ScheduledExecutorService timer;
    private final String place;
    private final Consumer<Throwable> onLogFailed;
    private final AtomicLong evicted = new AtomicLong();

    /** Set before anything can happen: the pools need the partitions, which need this. */
    private volatile @Nullable Pools pools;

    NodeEvents(RunningTasks running, ScheduledExecutorService timer, String place, Consumer<Throwable> onLogFailed) {
        this.running = running;
        this.timer = timer;
        this.place = place;
        this.onLogFailed = onLogFailed;
    }

    void setPools(Pools pools) {
        this.pools = pools;
    }

    @Override
    public void onRunnable(Partition partition, TaskEntry entry) {
        Pools target = pools;
        if (target != null) {
            target.execute(entry.executor(), new QueuedTask(partition, entry.sequence()));
        }
    }

    @Override
    public void onCancelled(Partition partition, TaskEntry entry) {
        running.cancel(TaskId.of(partition.id(), entry.sequence()));
    }

    @Override
    public void onRemoved(Partition partition, TaskEntry entry, Reply.Staleness why) {
        if (!entry.isTerminal()) { // destroyed while it may be running
            TaskId task = TaskId.of(partition.id(), entry.sequence());
            running.cancel(task);
            running.interrupt(task);
        }
        if (why == Reply.Staleness.EVICTED && evicted.getAndIncrement() == 0) {
            scheduleEvictionLog();
        }
    }

    private void scheduleEvictionLog() {
        try {
            var unused = timer.schedule(this::logEvicted, EVICTION_LOG_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException closed) {
            logEvicted();
        }
    }

    private void logEvicted() {
        LOG.warn(
                ErrorCode.RESULTS_EVICTED.says("Evicted the oldest results to make room: results={}, seconds={};"
                        + " dispose of results, or raise result-retention"),
                evicted.getAndSet(0),
                EVICTION_LOG_SECONDS);
    }

    @Override
    public void onHeld(Partition partition, TaskEntry entry) {
        TaskId task = TaskId.of(partition.id(), entry.sequence());
        if (entry.state() == State.PARKED) {
            LOG.warn(
                    "Parked a task: taskId={}, executor={}, type={}, because={}; next: bring its class back, "
                            + "then: holdfast tasks retry {} --data {}; look at it with: holdfast tasks show {} --data {}",
                    task,
                    entry.executor(),
                    entry.spec().typeName(),
                    entry.heldReason(),
                    task,
                    place,
                    task,
                    place);
        }
    }

    /** A task that the start found, or made, quarantined. */
    void quarantined(TaskId task, TaskEntry entry) {
        LOG.error(
                ErrorCode.TASK_QUARANTINED.says(
                        "A task is quarantined: taskId={}, executor={}, type={}, crashes={}, because={}; next: "
                                + "look at it with: holdfast tasks show {} --data {}; then: holdfast tasks retry {} --data {}, or discard"),
                task,
                entry.executor(),
                entry.spec().typeName(),
                entry.crashes(),
                entry.heldReason(),
                task,
                place,
                task,
                place);
    }

    @Override
    public void onExecutorChanged(Partition partition, String executor) {
        Pools target = pools;
        if (target != null) {
            target.refresh(executor);
        }
    }

    @Override
    public void onLogFailed(Partition partition, Throwable cause) {
        onLogFailed.accept(cause);
    }
}
