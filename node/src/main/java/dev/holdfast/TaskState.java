package dev.holdfast;

/** Where a task is. COMPLETED, FAILED and CANCELLED are terminal; QUARANTINED and PARKED wait for a decision. */
public enum TaskState {
    /** Waits for its time. */
    SCHEDULED,
    /** Waits for a worker. */
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED,
    /** The process died too often while it ran: {@code retry} or {@code discard} it. */
    QUARANTINED,
    /** Its class is missing or has changed since submission: bring it back, {@code retry} or {@code discard} it. */
    PARKED;

    public boolean isTerminal() {
        return this == COMPLETED || this == FAILED || this == CANCELLED;
    }
}
