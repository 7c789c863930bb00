package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.StoredEntry.Outcome;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskSpec;
import org.jspecify.annotations.Nullable;

/**
 * What each record makes of a task.
 *
 * <pre>
 * (none)      -- Submitted ----------------> UNFINISHED
 * UNFINISHED  -- Completed ----------------> COMPLETED
 * UNFINISHED  -- Failed -------------------> FAILED
 * UNFINISHED  -- Parked -------------------> PARKED
 * UNFINISHED  -- Quarantined --------------> QUARANTINED
 * UNFINISHED, PARKED, QUARANTINED -- Cancelled --> CANCELLED
 * PARKED, QUARANTINED, FAILED     -- Retried ----> UNFINISHED
 * PARKED, QUARANTINED, FAILED     -- Discarded --> (none)
 * COMPLETED, FAILED, CANCELLED    -- Disposed, Evicted, Expired --> (none)
 * </pre>
 */
final class Transitions {

    private Transitions() {}

    static StoredEntry submitted(LogRecord.Submitted task, String executor, TaskSpec spec) {
        EntryDraft draft = new EntryDraft(task.sequence(), executor, task.atMillis(), spec, task.payload());
        draft.logsNextStart = spec.maxCrashes() == 1;
        return draft.build();
    }

    /** Whether the next start is logged is not in a snapshot: after it comes an epoch, and every start is logged. */
    static StoredEntry installed(SnapshotItem.OfTask item, String executor, TaskSpec spec) {
        EntryDraft draft = new EntryDraft(item.sequence(), executor, item.submittedAtMillis(), spec, item.payload());
        draft.state = item.state();
        draft.startedAtMillis = item.startedAtMillis();
        draft.attempt = item.attempt();
        draft.crashes = item.crashes();
        draft.attemptOpen = item.attemptOpen();
        draft.logsNextStart = item.attempt() > 0 || spec.maxCrashes() == 1;
        draft.disposeAtEnd = item.disposeAtEnd();
        draft.heldReason = item.heldReason();
        draft.outcome = switch (item.state()) {
            case COMPLETED, FAILED, CANCELLED ->
                new Outcome(item.finishedAtMillis(), item.resultCodec(), item.failure(), item.result());
            case UNFINISHED, PARKED, QUARANTINED -> null;
        };
        return draft.build();
    }

    static StoredEntry attemptStarted(StoredEntry task, LogRecord.AttemptStarted started) {
        EntryDraft draft = task.draft();
        draft.attempt = started.attempt();
        draft.attemptOpen = true;
        draft.logsNextStart = true;
        draft.startedAtMillis = started.atMillis();
        return draft.build();
    }

    static StoredEntry attemptAbandoned(StoredEntry task, LogRecord.AttemptAbandoned abandoned) {
        EntryDraft draft = task.draft();
        draft.attempt = Math.max(task.attempt(), abandoned.attempt());
        draft.attemptOpen = false;
        draft.logsNextStart = true;
        return draft.build();
    }

    /**
     * At the start of an epoch nothing runs any more, and every start is logged from now on. Where the node before may have
     * run a first attempt that no record tells of, its number counts as used: an attempt number is never given twice.
     */
    static StoredEntry atEpoch(StoredEntry task, LogRecord.EpochCause cause) {
        if (!task.isUnfinished()) {
            return task;
        }
        EntryDraft draft = task.draft();
        draft.logsNextStart = true;
        if (cause == LogRecord.EpochCause.VISIT) {
            return draft.build(); // what the node before left open, the next start judges
        }
        draft.attemptOpen = false;
        switch (cause) {
            case CRASH_START -> {
                draft.crashes = task.attemptOpen() ? task.crashes() + 1 : task.crashes();
                draft.attempt = task.attemptThatMayHaveRun();
            }
            case TAKEOVER -> draft.attempt = task.attemptThatMayHaveRun();
            case FIRST, CLEAN_START, VISIT -> {}
        }
        return draft.build();
    }

    static StoredEntry completed(StoredEntry task, LogRecord.Completed completed, @Nullable String codec) {
        EntryDraft draft =
                ended(task, State.COMPLETED, new Outcome(completed.atMillis(), codec, null, completed.result()));
        draft.attempt = completed.attempt();
        draft.startedAtMillis = completed.startedAtMillis();
        return draft.build();
    }

    /** Keeps the payload: a failed task can be retried. */
    static StoredEntry failed(StoredEntry task, LogRecord.Failed failed) {
        EntryDraft draft =
                ended(task, State.FAILED, new Outcome(failed.atMillis(), null, failed.info(), failed.failure()));
        draft.payload = task.payload();
        draft.attempt = failed.attempt();
        draft.startedAtMillis = failed.startedAtMillis();
        return draft.build();
    }

    static StoredEntry cancelled(StoredEntry task, LogRecord.Cancelled cancelled) {
        return ended(task, State.CANCELLED, new Outcome(cancelled.atMillis(), null, null, null))
                .build();
    }

    private static EntryDraft ended(StoredEntry task, State end, Outcome outcome) {
        EntryDraft draft = task.draft().state(end);
        draft.payload = null;
        draft.heldReason = null;
        draft.outcome = outcome;
        return draft;
    }

    static StoredEntry held(StoredEntry task, State held, int countedCrashes, String reason) {
        EntryDraft draft = task.draft().state(held);
        draft.crashes = countedCrashes;
        draft.heldReason = reason;
        return draft.build();
    }

    static StoredEntry retried(StoredEntry task, LogRecord.Retried retried) {
        EntryDraft draft = task.draft().state(State.UNFINISHED);
        draft.crashes = 0;
        draft.logsNextStart = true;
        draft.heldReason = null;
        draft.outcome = null;
        if (retried.acceptedFingerprint() != null) {
            draft.spec = withFingerprint(task.spec(), retried.acceptedFingerprint());
        }
        return draft.build();
    }

    private static TaskSpec withFingerprint(TaskSpec spec, String fingerprint) {
        return new TaskSpec(
                spec.codec(),
                spec.typeName(),
                fingerprint,
                spec.label(),
                spec.key(),
                spec.idempotencyKey(),
                spec.maxCrashes(),
                spec.resultTtlMillis(),
                spec.keepResult());
    }

    static StoredEntry disposedAtEnd(StoredEntry task) {
        EntryDraft draft = task.draft();
        draft.disposeAtEnd = true;
        return draft.build();
    }
}
