package dev.holdfast;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one task.
 *
 * @param taskId its id
 * @param executorName its executor
 * @param state where it is
 * @param attempt the last attempt that is known, 0 before the first
 * @param submittedAt by the clock of the node that stored it
 * @param startedAt when the last known attempt began, if this node knows
 * @param finishedAt when it ended, if it has
 * @param nextAttemptAt when it is tried again, if a time is set
 * @param typeName class name of the task
 * @param key its affinity key as a text; null if it has none
 * @param label what its submitter called it; null if nothing
 * @param node name of the node that runs it, or would: that leads its partition; empty while nobody does
 * @param failure class and message of a failure, or why the task is held
 * @param copies on how many nodes it is stored now: copies of its partition that are in sync, as far as this node knows
 */
public record TaskInfo(
        long taskId,
        String executorName,
        TaskState state,
        int attempt,
        Instant submittedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Instant> nextAttemptAt,
        String typeName,
        @Nullable String key,
        @Nullable String label,
        String node,
        @Nullable String failure,
        int copies) {}
