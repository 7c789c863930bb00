package dev.holdfast.node.admin;

import dev.holdfast.TaskInfo;
import dev.holdfast.TaskState;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.FailureInfo;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.TaskSpec;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task or result as it was when somebody looked from outside.
 *
 * @param taskId as the node issued it
 * @param executor name of its executor
 * @param spec what was said of it at submission
 * @param state RUNNING only on a live node: without one, what is neither ended nor held is PENDING
 * @param attempt the one that runs, or the last that is known
 * @param crashes counted crashes
 * @param submittedAtMillis since the epoch
 * @param startedAtMillis since the epoch, or 0
 * @param finishedAtMillis since the epoch, or 0
 * @param node name of the node that was asked, or empty where none has the directory open
 * @param heldReason why it is held, or null
 * @param payloadBytes length of the task's bytes, or {@link #NONE}
 * @param resultCodec what wrote the result, or null
 * @param resultBytes length of the result or of the failure, or {@link #NONE}
 * @param failure of a task that failed, or null
 * @param ahead tasks of the same executor and partition that wait and were submitted before it; 0 unless it waits itself
 * @param executorPaused whether its executor is paused
 * @param attemptOpen whether an attempt was logged as started and has no end yet
 */
public record SeenTask(
        TaskId taskId,
        String executor,
        TaskSpec spec,
        TaskState state,
        int attempt,
        int crashes,
        long submittedAtMillis,
        long startedAtMillis,
        long finishedAtMillis,
        String node,
        @Nullable String heldReason,
        int payloadBytes,
        @Nullable String resultCodec,
        int resultBytes,
        @Nullable FailureInfo failure,
        long ahead,
        boolean executorPaused,
        boolean attemptOpen) {

    /** In place of a length: there are no such bytes. */
    public static final int NONE = -1;

    /** An attempt that is under way. */
    record Running(int attempt, long startedAtMillis) {}

    static SeenTask of(
            PartitionId partition,
            TaskEntry entry,
            @Nullable Running running,
            String node,
            long ahead,
            boolean executorPaused) {
        return new SeenTask(
                TaskId.of(partition, entry.sequence()),
                entry.executor(),
                entry.spec(),
                state(entry, running != null),
                running == null ? entry.attempt() : running.attempt(),
                entry.crashes(),
                entry.submittedAtMillis(),
                running == null ? entry.startedAtMillis() : running.startedAtMillis(),
                entry.finishedAtMillis(),
                node,
                entry.heldReason(),
                length(entry.payload()),
                entry.resultCodec(),
                length(entry.result()),
                entry.failure(),
                ahead,
                executorPaused,
                entry.attemptOpen());
    }

    private static int length(@Nullable Body body) {
        return body == null ? NONE : body.length();
    }

    private static TaskState state(TaskEntry entry, boolean running) {
        return switch (entry.state()) {
            case UNFINISHED -> running ? TaskState.RUNNING : TaskState.PENDING;
            case PARKED -> TaskState.PARKED;
            case QUARANTINED -> TaskState.QUARANTINED;
            case COMPLETED -> TaskState.COMPLETED;
            case FAILED -> TaskState.FAILED;
            case CANCELLED -> TaskState.CANCELLED;
        };
    }

    public PartitionId partition() {
        return taskId.partition();
    }

    public long sequence() {
        return taskId.sequence();
    }

    /** As a node would tell it; {@code copies} is 1, this directory's. */
    public TaskInfo info() {
        return new TaskInfo(
                taskId.value(),
                executor,
                state,
                attempt,
                Instant.ofEpochMilli(submittedAtMillis),
                instant(startedAtMillis),
                instant(finishedAtMillis),
                Optional.empty(),
                spec.typeName(),
                spec.key(),
                spec.label(),
                node,
                failureText(),
                1);
    }

    private static Optional<Instant> instant(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private @Nullable String failureText() {
        if (failure == null) {
            return heldReason;
        }
        return failure.message() == null ? failure.className() : failure.className() + ": " + failure.message();
    }
}
