package dev.holdfast.node.execution;

import dev.holdfast.node.partition.Partition;
import dev.holdfast.storage.log.TaskId;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its worker. It can be interrupted while the task's own code runs, and never a moment longer: the thread then
 * belongs to the next attempt. Thread-safe.
 */
public final class RunningTask {

    private final Partition partition;
    private final TaskId task;
    private final String executor;
    private final int attempt;
    private final long startedAtMillis;

    private @Nullable Thread thread;
    private boolean interruptAtEntry;
    private volatile boolean cancelled;
    private volatile boolean abandoned;

    /** @param partition as it is led in the term that the attempt belongs to */
    RunningTask(Partition partition, long sequence, String executor, int attempt, long startedAtMillis) {
        this.partition = partition;
        this.task = TaskId.of(partition.id(), sequence);
        this.executor = executor;
        this.attempt = attempt;
        this.startedAtMillis = startedAtMillis;
    }

    /** Another object in each term. */
    Partition partition() {
        return partition;
    }

    public TaskId task() {
        return task;
    }

    public String executor() {
        return executor;
    }

    public int attempt() {
        return attempt;
    }

    public long startedAtMillis() {
        return startedAtMillis;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** What it returns or throws is dropped from now on. */
    public void abandon() {
        abandoned = true;
    }

    boolean isAbandoned() {
        return abandoned;
    }

    void cancel() {
        cancelled = true;
    }

    /** Whether the calling thread runs it. */
    public synchronized boolean isOfCurrentThread() {
        return thread == Thread.currentThread();
    }

    /** The calling thread enters the task's code. */
    synchronized void enter() {
        thread = Thread.currentThread();
        if (interruptAtEntry) {
            thread.interrupt();
        }
    }

    /** The calling thread has left the task's code; an interrupt that was meant for it is taken back. */
    synchronized void leave() {
        thread = null;
        Thread.interrupted();
    }

    /** Interrupts the task's code, now or when it is entered; not once it was left. */
    public synchronized void interrupt() {
        if (thread == null) {
            interruptAtEntry = true;
        } else {
            thread.interrupt();
        }
    }
}
