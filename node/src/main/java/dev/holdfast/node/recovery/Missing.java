package dev.holdfast.node.recovery;

import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.SnapshotItem.State;
import org.jspecify.annotations.Nullable;

/**
 * What a hole in a log must have held, by a record behind it: that is about a task in another state, or a later attempt, than
 * the one that is known. One thread.
 */
final class Missing {

    private final TaskEntry entry;
    private final LogRecord.OfTask later;

    /**
     * @param entry as it was before the hole
     * @param later a record behind it
     */
    Missing(TaskEntry entry, LogRecord.OfTask later) {
        this.entry = entry;
        this.later = later;
    }

    /** The record that brings the task to where {@code later} fits; null if it does already, or none can. */
    LogRecord.@Nullable OfTask record() {
        if (later instanceof LogRecord.Evicted || later instanceof LogRecord.Expired) {
            return entry.isTerminal() ? null : new LogRecord.Cancelled(entry.sequence(), later.atMillis());
        }
        if (later instanceof LogRecord.Discarded || later instanceof LogRecord.Retried) {
            return entry.state() == State.UNFINISHED
                    ? new LogRecord.Parked(entry.sequence(), SalvagedRing.REASON, later.atMillis())
                    : null;
        }
        if (later instanceof LogRecord.Cancelled) {
            return entry.state() == State.FAILED ? retried() : null;
        }
        if (later instanceof LogRecord.Disposed) {
            return null;
        }
        if (entry.state() != State.UNFINISHED) {
            return isHeldOrFailed(entry) ? retried() : null;
        }
        int ended = endedAttempt(later);
        return ended > Math.max(1, entry.attempt())
                ? new LogRecord.AttemptStarted(entry.sequence(), ended, later.atMillis())
                : null;
    }

    private LogRecord.Retried retried() {
        return new LogRecord.Retried(entry.sequence(), null, false, later.atMillis());
    }

    /** Whether a ring takes {@code later} in with {@code entry} as it is. */
    static boolean fits(TaskEntry entry, LogRecord.OfTask later) {
        if (later instanceof LogRecord.Disposed) {
            return true;
        }
        if (later instanceof LogRecord.Evicted || later instanceof LogRecord.Expired) {
            return entry.isTerminal();
        }
        if (later instanceof LogRecord.Discarded || later instanceof LogRecord.Retried) {
            return isHeldOrFailed(entry);
        }
        if (later instanceof LogRecord.Cancelled) {
            return !entry.isTerminal();
        }
        if (entry.state() != State.UNFINISHED) {
            return false;
        }
        if (later instanceof LogRecord.AttemptStarted started) {
            return started.attempt() > entry.attempt();
        }
        int ended = endedAttempt(later);
        return ended == 0 || ended == Math.max(1, entry.attempt());
    }

    private static boolean isHeldOrFailed(TaskEntry entry) {
        return switch (entry.state()) {
            case PARKED, QUARANTINED, FAILED -> true;
            case UNFINISHED, COMPLETED, CANCELLED -> false;
        };
    }

    /** The attempt that the record ends; 0 if it ends none. */
    private static int endedAttempt(LogRecord.OfTask later) {
        if (later instanceof LogRecord.Completed completed) {
            return completed.attempt();
        }
        if (later instanceof LogRecord.Failed failed) {
            return failed.attempt();
        }
        return later instanceof LogRecord.AttemptAbandoned abandoned ? abandoned.attempt() : 0;
    }
}
