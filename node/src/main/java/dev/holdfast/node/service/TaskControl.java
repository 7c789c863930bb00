package dev.holdfast.node.service;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.Part;
import dev.holdfast.node.service.TaskOutcome.Kind;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What users do to one task. An id whose result is gone (disposed of, evicted) was terminal, so there is nothing to change
 * and the answer is false; one that was never issued, or is lost, is a mistake or a loss to be told: {@link
 * dev.holdfast.StaleTaskIdException}.
 */
final class TaskControl {

    private final Core core;

    TaskControl(Core core) {
        this.core = core;
    }

    boolean cancel(long taskId, boolean mayInterrupt) {
        return beginCancel(taskId, mayInterrupt).getAsBoolean();
    }

    /** Posts it, and gives what waits for its answer, for {@code submit-timeout} from now. */
    BooleanSupplier beginCancel(long taskId, boolean mayInterrupt) {
        checkWrite();
        PartitionAccess partition = core.router().partitionOf(taskId);
        long deadlineNanos = core.calls().deadlineNanos();
        ReplyWait wait = new ReplyWait();
        core.calls().post(partition, new Command.Cancel(core.name(), sequence(taskId)), wait);
        return () -> {
            boolean cancelled = isChange(taskId, core.calls().answer(partition, wait, deadlineNanos));
            if (cancelled && mayInterrupt) {
                partition.interrupt(sequence(taskId));
            }
            return cancelled;
        };
    }

    void dispose(long taskId) {
        checkWrite();
        PartitionAccess partition = core.router().partitionOf(taskId);
        Reply reply = core.calls().call(partition, new Command.Dispose(core.name(), sequence(taskId)));
        if (reply instanceof Reply.Done done && !done.changed() && entry(partition, taskId) == null) {
            throwIfNeverThere(taskId, partition.staleness(core.name(), sequence(taskId)));
        }
    }

    boolean discard(long taskId) {
        checkWrite();
        PartitionAccess partition = core.router().partitionOf(taskId);
        return changes(taskId, partition, new Command.Discard(core.name(), sequence(taskId)));
    }

    boolean retry(long taskId, boolean acceptChangedCode) {
        checkWrite();
        PartitionAccess partition = core.router().partitionOf(taskId);
        String accepted = acceptChangedCode ? currentFingerprint(partition, taskId) : null;
        return changes(taskId, partition, new Command.Retry(core.name(), sequence(taskId), accepted, true));
    }

    private @Nullable String currentFingerprint(PartitionAccess partition, long taskId) {
        TaskEntry entry = entry(partition, taskId);
        Body payload = entry == null ? null : entry.payload();
        return entry == null || payload == null || entry.spec().fingerprint() == null
                ? null
                : core.codec().currentFingerprint(entry.spec(), partition.read(entry, Part.PAYLOAD));
    }

    private boolean changes(long taskId, PartitionAccess partition, Command command) {
        return isChange(taskId, core.calls().call(partition, command));
    }

    private boolean isChange(long taskId, Reply reply) {
        if (reply instanceof Reply.Done done) {
            return done.changed();
        }
        if (reply instanceof Reply.Stale stale) {
            throwIfNeverThere(taskId, stale.staleness());
            return false;
        }
        throw new IllegalStateException("Unexpected reply: taskId=" + taskId + ", reply=" + reply);
    }

    private void throwIfNeverThere(long taskId, Staleness why) {
        if (why == Staleness.UNKNOWN || why == Staleness.LOST) {
            throw core.stale(taskId, why);
        }
    }

    /**
     * Posts an operator's action, and gives what waits for its answer.
     *
     * @param entry of a task of this executor, as it was a moment ago
     */
    Supplier<TaskOutcome> begin(TaskAction action, PartitionAccess partition, TaskEntry entry, long taskId) {
        checkWrite();
        Command command = command(action, partition, entry, taskId);
        long deadlineNanos = core.calls().deadlineNanos();
        ReplyWait wait = new ReplyWait();
        core.calls().post(partition, command, wait);
        return () -> {
            Reply reply = core.calls().answer(partition, wait, deadlineNanos);
            if (reply instanceof Reply.Stale stale) {
                return new TaskOutcome(taskId, Kind.NOT_FOUND, TaskActions.describe(stale.staleness()));
            }
            boolean changed = reply instanceof Reply.Done done && done.changed();
            if (changed && action == TaskAction.CANCEL) {
                partition.interrupt(sequence(taskId));
            }
            return changed
                    ? new TaskOutcome(taskId, Kind.DONE, addition(action, entry))
                    : unchanged(action, partition, taskId);
        };
    }

    private Command command(TaskAction action, PartitionAccess partition, TaskEntry entry, long taskId) {
        String name = core.name();
        long sequence = entry.sequence();
        return switch (action) {
            case CANCEL -> new Command.Cancel(name, sequence);
            case RETRY -> new Command.Retry(name, sequence, null, true);
            case RETRY_CHANGED_CODE -> new Command.Retry(name, sequence, accepted(partition, entry, taskId), true);
            case DISCARD -> new Command.Discard(name, sequence);
            case DISPOSE -> new Command.Dispose(name, sequence);
        };
    }

    /** Of a task without a fingerprint there is nothing to accept; one whose class is not here can not be accepted. */
    private @Nullable String accepted(PartitionAccess partition, TaskEntry entry, long taskId) {
        String fingerprint = currentFingerprint(partition, taskId);
        if (fingerprint == null && entry.spec().fingerprint() != null && entry.payload() != null) {
            throw new IllegalStateException("its class is not here, so its code can not be accepted: type="
                    + entry.spec().typeName() + "; bring the class back (of a stopped node: --tasks-path)");
        }
        return fingerprint;
    }

    private static String addition(TaskAction action, TaskEntry entry) {
        return action == TaskAction.DISPOSE && !entry.isTerminal()
                ? "it has not ended: its result is dropped then"
                : "";
    }

    private TaskOutcome unchanged(TaskAction action, PartitionAccess partition, long taskId) {
        TaskEntry now = partition.find(sequence(taskId));
        if (now == null) {
            return new TaskOutcome(
                    taskId, Kind.NOT_FOUND, TaskActions.describe(partition.staleness(core.name(), sequence(taskId))));
        }
        String state = "state=" + (now.state() == State.UNFINISHED ? "PENDING or RUNNING" : now.state());
        return new TaskOutcome(
                taskId,
                Kind.UNCHANGED,
                switch (action) {
                    case CANCEL -> "it has ended: " + state;
                    case RETRY, RETRY_CHANGED_CODE, DISCARD ->
                        state + "; allowed are PARKED, QUARANTINED and FAILED tasks";
                    case DISPOSE -> "its result is to be dropped when it ends: " + state;
                });
    }

    private void checkWrite() {
        core.context().checkOpen();
        core.protection().checkWrite();
    }

    /** The entry of a task of this executor, or null. */
    @Nullable
    TaskEntry entry(PartitionAccess partition, long taskId) {
        TaskEntry entry = partition.find(sequence(taskId));
        return entry != null && entry.executor().equals(core.name()) ? entry : null;
    }

    static long sequence(long taskId) {
        return new TaskId(taskId).sequence();
    }
}
