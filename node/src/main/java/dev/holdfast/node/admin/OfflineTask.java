package dev.holdfast.node.admin;

import dev.holdfast.TaskInfo;
import dev.holdfast.TaskState;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task or result as the log of a stopped node has it.
 *
 * @param ahead unfinished tasks of the same executor and partition that were submitted before it; 0 unless it is
 *     unfinished itself
 * @param executorPaused whether its executor was paused
 * @param executorShutdown whether its executor was shut down
 */
public record OfflineTask(
        PartitionId partition, TaskEntry entry, long ahead, boolean executorPaused, boolean executorShutdown) {

    public TaskId taskId() {
        return TaskId.of(partition, entry.sequence());
    }

    /** Nothing runs without a node: what is neither ended nor held is PENDING. */
    public TaskState state() {
        return switch (entry.state()) {
            case UNFINISHED -> TaskState.PENDING;
            case PARKED -> TaskState.PARKED;
            case QUARANTINED -> TaskState.QUARANTINED;
            case COMPLETED -> TaskState.COMPLETED;
            case FAILED -> TaskState.FAILED;
            case CANCELLED -> TaskState.CANCELLED;
        };
    }

    /** As a node would tell it; {@code node} is empty, {@code copies} is 1, this directory's. */
    public TaskInfo info() {
        return new TaskInfo(
                taskId().value(),
                entry.executor(),
                state(),
                entry.attempt(),
                Instant.ofEpochMilli(entry.submittedAtMillis()),
                instant(entry.startedAtMillis()),
                instant(entry.finishedAtMillis()),
                Optional.empty(),
                entry.spec().typeName(),
                entry.spec().key(),
                entry.spec().label(),
                "",
                failure(),
                1);
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private @Nullable String failure() {
        FailureInfo failure = entry.failure();
        if (failure == null) {
            return entry.heldReason();
        }
        return failure.message() == null ? failure.className() : failure.className() + ": " + failure.message();
    }
}
