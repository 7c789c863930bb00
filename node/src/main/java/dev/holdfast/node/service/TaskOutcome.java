package dev.holdfast.node.service;

/**
 * What came of a {@link TaskAction} on one task.
 *
 * @param detail why, in words; empty where it was done and there is nothing to add
 */
public record TaskOutcome(long taskId, Kind kind, String detail) {

    /** Append only: the ordinals are spoken on {@code admin.sock}. */
    public enum Kind {
        /** It is committed. */
        DONE,
        /** The task is in no state for it; nothing was changed. */
        UNCHANGED,
        /** There is no such task. */
        NOT_FOUND,
        /** It could not be tried, or nobody knows what came of it. */
        FAILED
    }
}
