package dev.holdfast.storage.log;

import org.jspecify.annotations.Nullable;

/**
 * A record of a partition's log. {@link Replicated} records have a dense {@link Lsn}, enter the running hash and are equal
 * on every replica; {@link Local} ones belong to the files of one replica. Times are milliseconds since 1970 UTC, taken
 * where the record was decided: applying a record reads no clock.
 */
public sealed interface LogRecord {

    /** Changes a ring; the same on every replica. */
    sealed interface Replicated extends LogRecord {
        /** Hands this record to the method for its type: a new type breaks every handler's compilation. */
        void dispatchTo(RecordHandler handler);

        /** When it was decided: milliseconds since 1970 UTC. */
        long atMillis();

        /** The remote call that caused it, or null: a local call, or nobody's. */
        default @Nullable RequestId request() {
            return null;
        }
    }

    /** Of this replica's files only. */
    sealed interface Local extends LogRecord {}

    /** A record about one task. */
    sealed interface OfTask extends Replicated {
        long sequence();
    }

    /** A record about a whole executor; {@code operation} grows per executor name over all partitions. */
    sealed interface OfExecutor extends Replicated {
        String executor();

        long operation();
    }

    /** Why an epoch began. */
    enum EpochCause {
        /** The directory is new. */
        FIRST,
        /** The process before this one closed the node in order: no attempt counts as crashed. */
        CLEAN_START,
        /** The process before this one is gone without a close: every open logged attempt counts as crashed. */
        CRASH_START,
        /** Another node took over from one that may be alive: no attempt counts as crashed. */
        TAKEOVER,
        /** The directory of a stopped node was visited by the console: tasks stay as they were, open attempts open. */
        VISIT
    }

    /**
     * The first record of every primary; voids an unfinished run of chunks. Task sequences below {@code nextSequence} may have been
     * issued and are not issued any more; 0 where nothing is to be said of that.
     */
    record EpochStarted(Epoch epoch, long session, EpochCause cause, long nextSequence, long atMillis)
            implements Replicated {

        public EpochStarted(Epoch epoch, long session, EpochCause cause, long atMillis) {
            this(epoch, session, cause, 0, atMillis);
        }

        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.epochStarted(this);
        }
    }

    /** {@code request} is null where a local call caused it; so it is in the records below. */
    record Submitted(
            long sequence,
            String executor,
            long atMillis,
            TaskSpec spec,
            Body payload,
            @Nullable RequestId request) implements OfTask {

        /** Of a local call. */
        public Submitted(long sequence, String executor, long atMillis, TaskSpec spec, Body payload) {
            this(sequence, executor, atMillis, spec, payload, null);
        }

        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.submitted(this);
        }
    }

    record AttemptStarted(long sequence, int attempt, long atMillis) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.attemptStarted(this);
        }
    }

    /** A graceful close gave the attempt up before it ended; counts nothing. */
    record AttemptAbandoned(long sequence, int attempt, long atMillis) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.attemptAbandoned(this);
        }
    }

    /** The result replaces the task in its ring. {@code result} is null where the result is not kept. */
    record Completed(
            long sequence,
            int attempt,
            long startedAtMillis,
            long atMillis,
            String codec,
            @Nullable Body result) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.completed(this);
        }
    }

    record Failed(long sequence, int attempt, long startedAtMillis, long atMillis, FailureInfo info, Body failure)
            implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.failed(this);
        }
    }

    record Cancelled(long sequence, long atMillis, @Nullable RequestId request) implements OfTask {

        /** Of a local call. */
        public Cancelled(long sequence, long atMillis) {
            this(sequence, atMillis, null);
        }

        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.cancelled(this);
        }
    }

    /** The user gave the result up. Of a task that has not ended, held or not: its result is dropped when it ends. */
    record Disposed(long sequence, long atMillis, @Nullable RequestId request) implements OfTask {

        /** Of a local call. */
        public Disposed(long sequence, long atMillis) {
            this(sequence, atMillis, null);
        }

        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.disposed(this);
        }
    }

    /** The user gave a held or finally failed task up: it leaves its ring, and never runs again. */
    record Discarded(long sequence, long atMillis, @Nullable RequestId request) implements OfTask {

        /** Of a local call. */
        public Discarded(long sequence, long atMillis) {
            this(sequence, atMillis, null);
        }

        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.discarded(this);
        }
    }

    /** Removed to make room, oldest first. */
    record Evicted(long sequence, long atMillis) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.evicted(this);
        }
    }

    /** Removed because its time to live was over. */
    record Expired(long sequence, long atMillis) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.expired(this);
        }
    }

    /** Held because its class is missing or has changed; not terminal. */
    record Parked(long sequence, String reason, long atMillis) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.parked(this);
        }
    }

    /** Held because the process died {@code crashes} times during a logged attempt; not terminal. */
    record Quarantined(long sequence, int crashes, long atMillis) implements OfTask {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.quarantined(this);
        }
    }

    /**
     * A held or failed task is to run again. {@code acceptedFingerprint} replaces the stored one where the user accepted
     * changed code; a failure is removed, crashes start from 0, attempts go on counting.
     */
    record Retried(
            long sequence,
            @Nullable String acceptedFingerprint,
            boolean byUser,
            long atMillis,
            @Nullable RequestId request)
            implements OfTask {

        /** Of a local call, or of none. */
        public Retried(long sequence, @Nullable String acceptedFingerprint, boolean byUser, long atMillis) {
            this(sequence, acceptedFingerprint, byUser, atMillis, null);
        }

        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.retried(this);
        }
    }

    record ExecutorShutdown(String executor, long operation, long atMillis) implements OfExecutor {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.executorShutdown(this);
        }
    }

    record ExecutorReopened(String executor, long operation, long atMillis) implements OfExecutor {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.executorReopened(this);
        }
    }

    record ExecutorPaused(String executor, long operation, long atMillis) implements OfExecutor {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.executorPaused(this);
        }
    }

    record ExecutorResumed(String executor, long operation, long atMillis) implements OfExecutor {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.executorResumed(this);
        }
    }

    /** Removes every task and result of the executor in this partition. */
    record ExecutorDestroyed(String executor, long operation, long atMillis) implements OfExecutor {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.executorDestroyed(this);
        }
    }

    /**
     * Sequences that may have been issued and are not in the log: they answer LOST from now on. {@code nextSequence} is
     * where issuing goes on.
     */
    record SequencesLost(SequenceRange range, long atMillis) implements Replicated {
        @Override
        public void dispatchTo(RecordHandler handler) {
            handler.sequencesLost(this);
        }
    }

    /**
     * First record of a segment, forced before anything in it is acknowledged: fixes where the older segment ends.
     *
     * @param segment number of this segment
     * @param session of the process that writes it
     * @param sync the policy it is written under: {@code os}, {@code interval} or {@code always}
     * @param previousSegment number of the older one, or -1
     * @param acceptedEnd end of everything before this segment; later records of older segments are void
     */
    record SegmentOpened(long segment, long session, String sync, long previousSegment, LogEnd acceptedEnd)
            implements Local {}

    /** Everything after {@code end} in this log is void. */
    record Truncated(LogEnd end) implements Local {}
}
