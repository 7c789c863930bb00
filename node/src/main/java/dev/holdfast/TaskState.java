package dev.holdfast;

/** Where a task is. COMPLETED, FAILED and CANCELLED are terminal; QUARANTINED and PARKED wait for a decision. */
public enum TaskState {
    /** Waits for its time. */
    SCHEDULED,
    /** Waits for a worker. */
    PENDING,
    /** On a worker, now. */
    RUNNING,
    /** Ended with a result. */
    COMPLETED,
    /** Ended with a failure, which is kept as a result is. */
    FAILED,
    /** Ended by a cancel: {@code get} throws {@link java.util.concurrent.CancellationException}. */
    CANCELLED,
    /** The process died too often while it ran, or a repair lost its end: {@code retry} or {@code discard} it. */
    QUARANTINED,
    /** Its class is missing or has changed since submission: bring it back, {@code retry} or {@code discard} it. */
    PARKED;

    /**
     * Whether the task has ended.
     *
     * @return true for COMPLETED, FAILED and CANCELLED
     */
    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
