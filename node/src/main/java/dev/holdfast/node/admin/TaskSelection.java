package dev.holdfast.node.admin;

import dev.holdfast.TaskQuery;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks an operator means.
 *
 * @param query state, label, type and limit
 * @param executor only this one's, or null
 * @param key only with this affinity key, or null
 * @param submittedFromMillis since the epoch, inclusive
 * @param submittedBeforeMillis since the epoch, exclusive
 */
public record TaskSelection(
        TaskQuery query,
        @Nullable String executor,
        @Nullable String key,
        long submittedFromMillis,
        long submittedBeforeMillis) {

    public static TaskSelection of(TaskQuery query, @Nullable String executor) {
        return new TaskSelection(query, executor, null, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** Whether {@code task} meets the conditions, the limit aside. */
    boolean matches(SeenTask task) {
        return (executor == null || executor.equals(task.executor()))
                && (key == null || key.equals(task.spec().key()))
                && task.submittedAtMillis() >= submittedFromMillis
                && task.submittedAtMillis() < submittedBeforeMillis
                && query.matches(task.info());
    }
}
