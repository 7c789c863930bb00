package dev.holdfast.node.service;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.TaskId;
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
        checkWrite();
        PartitionAccess partition = core.router().partitionOf(taskId);
        boolean cancelled = changes(taskId, partition, new Command.Cancel(core.name(), sequence(taskId)));
        if (cancelled && mayInterrupt) {
            core.context().interrupt(new TaskId(taskId));
        }
        return cancelled;
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
                : core.codec().currentFingerprint(entry.spec(), partition.read(payload));
    }

    private boolean changes(long taskId, PartitionAccess partition, Command command) {
        Reply reply = core.calls().call(partition, command);
        if (reply instanceof Reply.Done done) {
            return done.changed();
        }
        if (reply instanceof Reply.Stale stale) {
            throwIfNeverThere(taskId, stale.staleness());
            return false;
        }
        throw new IllegalStateException("Unexpected reply to " + command + ": " + reply);
    }

    private void throwIfNeverThere(long taskId, Staleness why) {
        if (why == Staleness.UNKNOWN || why == Staleness.LOST) {
            throw core.stale(taskId, why);
        }
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
