package dev.holdfast.node.service;

import dev.holdfast.HoldfastException;
import dev.holdfast.ResultNotReadableException;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.SnapshotItem.State;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended, for whoever waited.
 *
 * @param failure what the task threw, or why there is no result; null for a success
 */
record Outcome(@Nullable Object value, @Nullable Throwable failure, boolean cancelled) {

    static final Outcome CANCELLED = new Outcome(null, null, true);

    private static Outcome failed(Throwable failure) {
        return new Outcome(null, failure, false);
    }

    /** The answer of {@link java.util.concurrent.Future#get}. */
    @Nullable
    Object report() throws ExecutionException {
        if (cancelled) {
            throw new CancellationException(ErrorCode.TASK_CANCELLED.says(null));
        }
        if (failure != null) {
            throw new ExecutionException(failure);
        }
        return value;
    }

    /** Decodes: runs user code, and may read the disk. */
    static Outcome of(Core core, @Nullable PartitionAccess partition, long taskId, Reply reply) {
        if (reply instanceof Reply.Ended ended) {
            return ofEnded(core, Objects.requireNonNull(partition), taskId, ended.outcome());
        }
        if (reply instanceof Reply.Stale stale) {
            return failed(core.stale(taskId, stale.staleness()));
        }
        if (reply instanceof Reply.Unanswered unanswered) {
            return failed(new HoldfastException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "No answer, how the task ends is not known here: taskId=" + taskId
                            + ", executor=" + core.name() + ", problem=" + unanswered.problem()
                            + "; retrieve its result by its id after the restart"));
        }
        if (reply instanceof Reply.Refused refused) {
            return failed(
                    refused.refusal() == Reply.Refusal.PROTECTION
                            ? new SplitBrainProtectionException(refused.message())
                            : new HoldfastException(Refusals.codeOf(refused.refusal()), refused.message()));
        }
        return failed(new IllegalStateException("Unexpected reply: " + reply));
    }

    private static Outcome ofEnded(Core core, PartitionAccess partition, long taskId, TaskEntry entry) {
        if (entry.state() == State.CANCELLED) {
            return CANCELLED;
        }
        try {
            byte[] bytes = read(partition, entry);
            return entry.state() == State.FAILED
                    ? failed(core.codec().decodeFailure(Objects.requireNonNull(entry.failure()), bytes))
                    : new Outcome(decode(core, entry, bytes), null, false);
        } catch (ResultNotReadableException e) {
            return failed(e);
        } catch (BodyGoneException e) {
            return failed(core.stale(taskId, partition.staleness(core.name(), entry.sequence())));
        } catch (RuntimeException e) {
            return failed(new ResultNotReadableException(
                    "Stored result can't be read: taskId=" + taskId + ", executor=" + core.name() + ", problem=" + e,
                    e));
        }
    }

    private static @Nullable Object decode(Core core, TaskEntry entry, byte[] bytes) {
        String codec = entry.resultCodec();
        return codec == null || entry.result() == null ? null : core.codec().decodeResult(codec, bytes);
    }

    private static byte[] read(PartitionAccess partition, TaskEntry entry) {
        Body body = entry.result();
        if (body == null) {
            return new byte[0];
        }
        if (body instanceof Body.Inline inline) {
            return inline.bytes();
        }
        try {
            return partition.read(entry, Part.RESULT);
        } catch (BodyGoneException e) {
            // A checkpoint has moved it since; the ring knows where to.
            TaskEntry now = partition.find(entry.sequence());
            if (now == null || now.result() == null) {
                throw e;
            }
            return partition.read(now, Part.RESULT);
        }
    }
}
