package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem.State;
import org.jspecify.annotations.Nullable;

/** What users ask about a task by its id. A task of another executor is as unknown as none. */
final class UserDecisions {

    private UserDecisions() {}

    static Reply cancel(Turn turn, Command.Cancel cancel) {
        StoredEntry task = find(turn, cancel.executor(), cancel.sequence());
        if (task == null) {
            return stale(turn, cancel.executor(), cancel.sequence());
        }
        if (task.isTerminal()) {
            return new Reply.Done(false);
        }
        turn.log(new LogRecord.Cancelled(cancel.sequence(), turn.nowMillis(), cancel.request()));
        Retention.makeRoom(turn, task.executor(), cancel.sequence());
        return new Reply.Done(true);
    }

    static Reply dispose(Turn turn, Command.Dispose dispose) {
        StoredEntry task = find(turn, dispose.executor(), dispose.sequence());
        if (task == null || task.disposeAtEnd()) {
            return new Reply.Done(false);
        }
        turn.log(new LogRecord.Disposed(dispose.sequence(), turn.nowMillis(), dispose.request()));
        return new Reply.Done(true);
    }

    static Reply retrieveAndDispose(Turn turn, Command.RetrieveAndDispose retrieve) {
        StoredEntry task = find(turn, retrieve.executor(), retrieve.sequence());
        if (task == null) {
            return stale(turn, retrieve.executor(), retrieve.sequence());
        }
        if (!task.isTerminal()) {
            return new Reply.NotEnded();
        }
        turn.log(new LogRecord.Disposed(retrieve.sequence(), turn.nowMillis(), retrieve.request()));
        return new Reply.Ended(task);
    }

    static Reply retry(Turn turn, Command.Retry retry) {
        StoredEntry task = find(turn, retry.executor(), retry.sequence());
        if (task == null) {
            return stale(turn, retry.executor(), retry.sequence());
        }
        // A class that is back says nothing about a task that crashed or failed.
        boolean allowed = retry.byUser() ? isHeldOrFailed(task) : task.state() == State.PARKED;
        if (!allowed) {
            return new Reply.Done(false);
        }
        turn.log(new LogRecord.Retried(
                retry.sequence(), retry.acceptedFingerprint(), retry.byUser(), turn.nowMillis(), retry.request()));
        return new Reply.Done(true);
    }

    static Reply discard(Turn turn, Command.Discard discard) {
        StoredEntry task = find(turn, discard.executor(), discard.sequence());
        if (task == null) {
            return stale(turn, discard.executor(), discard.sequence());
        }
        if (!isHeldOrFailed(task)) {
            return new Reply.Done(false);
        }
        turn.log(new LogRecord.Discarded(discard.sequence(), turn.nowMillis(), discard.request()));
        return new Reply.Done(true);
    }

    private static boolean isHeldOrFailed(StoredEntry task) {
        return task.isHeld() || task.state() == State.FAILED;
    }

    private static @Nullable StoredEntry find(Turn turn, String executor, long sequence) {
        StoredEntry task = turn.state().find(sequence);
        return task != null && task.executor().equals(executor) ? task : null;
    }

    private static Reply stale(Turn turn, String executor, long sequence) {
        return new Reply.Stale(turn.state().staleness(executor, sequence));
    }
}
