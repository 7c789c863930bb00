package dev.holdfast.node.execution;

import dev.holdfast.node.partition.Partition;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The attempts that run on this node. Thread-safe. */
public final class RunningTasks {

    private final ConcurrentHashMap<Long, RunningTask> byTask = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition fewer = lock.newCondition();
    /** Nobody pays for the signal before somebody waits. */
    private volatile boolean awaited;

    void add(RunningTask running) {
        byTask.put(running.task().value(), running);
    }

    void remove(RunningTask running) {
        byTask.remove(running.task().value(), running);
        if (awaited) {
            lock.lock();
            try {
                fewer.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    public @Nullable RunningTask find(TaskId task) {
        return byTask.get(task.value());
    }

    public Collection<RunningTask> all() {
        return byTask.values();
    }

    public List<RunningTask> of(String executor) {
        return byTask.values().stream()
                .filter(running -> running.executor().equals(executor))
                .toList();
    }

    /** Attempts of tasks of one partition. */
    public List<RunningTask> of(PartitionId partition) {
        return byTask.values().stream()
                .filter(running -> running.task().partition().equals(partition))
                .toList();
    }

    /** Attempts that began in the term of {@code partition}, and in no other. */
    public List<RunningTask> of(Partition partition) {
        return byTask.values().stream()
                .filter(running -> running.partition() == partition)
                .toList();
    }

    /** Tells the attempt, if there is one, that its task was cancelled. */
    public void cancel(TaskId task) {
        RunningTask running = find(task);
        if (running != null) {
            running.cancel();
        }
    }

    public void interrupt(TaskId task) {
        RunningTask running = find(task);
        if (running != null) {
            running.interrupt();
        }
    }

    /** Waits until at most {@code count} run, uninterruptibly; whether that was so in time. */
    public boolean awaitAtMost(int count, long timeout, TimeUnit unit) {
        long leftNanos = unit.toNanos(timeout);
        boolean interrupted = false;
        lock.lock();
        try {
            awaited = true;
            while (byTask.size() > count && leftNanos > 0) {
                try {
                    leftNanos = fewer.awaitNanos(leftNanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return byTask.size() <= count;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
