package dev.holdfast.cli;

import dev.holdfast.TaskState;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * How an action is called.
 *
 * @param infinitive "Cancel"
 * @param past "cancelled"
 * @param states tasks to which it can be done
 */
record ActionWords(String infinitive, String past, Set<TaskState> states) {

    static final ActionWords CANCEL = new ActionWords(
            "Cancel",
            "cancelled",
            EnumSet.of(
                    TaskState.SCHEDULED,
                    TaskState.PENDING,
                    TaskState.RUNNING,
                    TaskState.PARKED,
                    TaskState.QUARANTINED));
    static final ActionWords RETRY = new ActionWords("Retry", "retried", heldOrFailed());
    static final ActionWords DISCARD = new ActionWords("Discard", "discarded", heldOrFailed());
    static final ActionWords DISPOSE = new ActionWords(
            "Dispose of the results of",
            "disposed",
            EnumSet.of(TaskState.COMPLETED, TaskState.FAILED, TaskState.CANCELLED));

    /** The name of the command, for programs. */
    String verb() {
        return infinitive.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    }

    private static Set<TaskState> heldOrFailed() {
        return EnumSet.of(TaskState.PARKED, TaskState.QUARANTINED, TaskState.FAILED);
    }
}
