package dev.holdfast.node.ledger;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.RecordHandler;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import dev.holdfast.storage.log.SnapshotItem.State;
import org.jspecify.annotations.Nullable;

/**
 * What each record does to a task, and the invariants that it must meet. The same rules change the committed ring
 * ({@link TaskRing}) and the overlay of what is in flight ({@link InFlight}); those two differ in where they keep it.
 */
abstract class RingRules implements RecordHandler {

    /** The task as this side sees it, or null. */
    abstract @Nullable StoredEntry find(long sequence);

    /** Every sequence below may have been issued. */
    abstract long nextSequence();

    /** Puts the outcome of a record in place. */
    abstract void change(Change change);

    /** Lets the new entry share what it can. */
    StoredEntry stored(LogRecord.Submitted task) {
        return Transitions.submitted(task, task.executor(), task.spec());
    }

    @Override
    public final void submitted(LogRecord.Submitted task) {
        if (task.sequence() < nextSequence()) {
            throw violated("I7", "a sequence is issued twice", task, "nextSequence=" + nextSequence());
        }
        change(new Change(null, stored(task), null));
    }

    @Override
    public final void attemptStarted(LogRecord.AttemptStarted started) {
        StoredEntry before = unfinished(started);
        if (started.attempt() <= before.attempt()) {
            throw violated("I14", "an attempt number is used twice", started, before);
        }
        change(Change.stays(before, Transitions.attemptStarted(before, started)));
    }

    @Override
    public final void attemptAbandoned(LogRecord.AttemptAbandoned abandoned) {
        StoredEntry before = unfinished(abandoned);
        checkAttempt(abandoned, abandoned.attempt(), before);
        change(Change.stays(before, Transitions.attemptAbandoned(before, abandoned)));
    }

    @Override
    public final void completed(LogRecord.Completed completed) {
        StoredEntry before = unfinished(completed);
        checkAttempt(completed, completed.attempt(), before);
        StoredEntry after = Transitions.completed(before, completed, sharedCodec(completed));
        ended(before, after, completed.result() == null);
    }

    @Nullable
    String sharedCodec(LogRecord.Completed completed) {
        return completed.result() == null ? null : completed.codec();
    }

    @Override
    public final void failed(LogRecord.Failed failed) {
        StoredEntry before = unfinished(failed);
        checkAttempt(failed, failed.attempt(), before);
        ended(before, Transitions.failed(before, failed), false);
    }

    @Override
    public final void cancelled(LogRecord.Cancelled cancelled) {
        StoredEntry before = present(cancelled);
        if (before.isTerminal()) {
            throw violated("I4", "a task that has ended is cancelled", cancelled, before);
        }
        ended(before, Transitions.cancelled(before, cancelled), false);
    }

    private void ended(StoredEntry before, StoredEntry after, boolean nothingToKeep) {
        boolean leaves = nothingToKeep || before.disposeAtEnd();
        change(new Change(before, after, leaves ? Removal.DISPOSED : null));
    }

    @Override
    public final void disposed(LogRecord.Disposed disposed) {
        StoredEntry before = present(disposed);
        if (before.isTerminal()) {
            change(Change.leaves(before, Removal.DISPOSED));
        } else {
            change(Change.stays(before, Transitions.disposedAtEnd(before)));
        }
    }

    @Override
    public final void discarded(LogRecord.Discarded discarded) {
        StoredEntry before = present(discarded);
        if (!before.isHeld() && before.state() != State.FAILED) {
            throw violated("I2", "a task that is neither held nor failed is discarded", discarded, before);
        }
        change(Change.leaves(before, Removal.DISPOSED));
    }

    @Override
    public final void evicted(LogRecord.Evicted evicted) {
        change(Change.leaves(result(evicted), Removal.EVICTED));
    }

    @Override
    public final void expired(LogRecord.Expired expired) {
        change(Change.leaves(result(expired), Removal.EVICTED));
    }

    @Override
    public final void parked(LogRecord.Parked parked) {
        StoredEntry before = unfinished(parked);
        change(Change.stays(before, Transitions.held(before, State.PARKED, before.crashes(), parked.reason())));
    }

    @Override
    public final void quarantined(LogRecord.Quarantined quarantined) {
        StoredEntry before = unfinished(quarantined);
        String reason = "The process was gone during its attempts: crashes=" + quarantined.crashes();
        change(Change.stays(before, Transitions.held(before, State.QUARANTINED, quarantined.crashes(), reason)));
    }

    @Override
    public final void retried(LogRecord.Retried retried) {
        StoredEntry before = present(retried);
        if (!before.isHeld() && before.state() != State.FAILED) {
            throw violated("I4", "a task that is neither held nor failed is retried", retried, before);
        }
        change(Change.stays(before, Transitions.retried(before, retried)));
    }

    /** Notes an operation on a whole executor and what holds of it afterwards. */
    abstract void operate(LogRecord.OfExecutor record, boolean shutdown, boolean paused);

    abstract boolean isShutdown(String executor);

    abstract boolean isPaused(String executor);

    @Override
    public final void executorShutdown(LogRecord.ExecutorShutdown record) {
        operate(record, true, isPaused(record.executor()));
    }

    @Override
    public final void executorReopened(LogRecord.ExecutorReopened record) {
        operate(record, false, isPaused(record.executor()));
    }

    @Override
    public final void executorPaused(LogRecord.ExecutorPaused record) {
        operate(record, isShutdown(record.executor()), true);
    }

    @Override
    public final void executorResumed(LogRecord.ExecutorResumed record) {
        operate(record, isShutdown(record.executor()), false);
    }

    private StoredEntry present(LogRecord.OfTask record) {
        StoredEntry entry = find(record.sequence());
        if (entry == null) {
            throw violated(
                    "I6", "a record is about a task that is not there", record, "nextSequence=" + nextSequence());
        }
        return entry;
    }

    private StoredEntry unfinished(LogRecord.OfTask record) {
        StoredEntry entry = present(record);
        if (!entry.isUnfinished()) {
            throw violated("I3", "a task that does not run starts or ends", record, entry);
        }
        return entry;
    }

    private StoredEntry result(LogRecord.OfTask record) {
        StoredEntry entry = present(record);
        if (!entry.isTerminal()) {
            throw violated("I5", "a task that has not ended is removed", record, entry);
        }
        return entry;
    }

    private static void checkAttempt(LogRecord.OfTask record, int attempt, StoredEntry entry) {
        int logged = Math.max(entry.attempt(), StoredEntry.FIRST_ATTEMPT);
        if (attempt != logged) {
            throw violated("I14", "an attempt ends that is not the task's last", record, entry);
        }
    }

    static IllegalStateException violated(String invariant, String what, LogRecord record, Object state) {
        return new IllegalStateException("Invariant " + invariant + " does not hold, " + what + ": record="
                + record.getClass().getSimpleName()
                + (record instanceof LogRecord.OfTask task ? ", sequence=" + task.sequence() : "") + ", found: " + state
                + "; keep the data directory and report it [" + ErrorCode.INTERNAL_DEFECT.id() + "]");
    }
}
