package dev.holdfast.storage.log;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A piece of a ring as a checkpoint keeps it. The items of a checkpoint, applied to an empty ring, give the ring again. */
public sealed interface SnapshotItem {

    /** Of the partition as a whole; one per snapshot, first. */
    record OfPartition(Epoch epoch, long session, long nextSequence) implements SnapshotItem {}

    /** A range of sequences that answers LOST. */
    record Lost(SequenceRange range) implements SnapshotItem {}

    /**
     * One executor name.
     *
     * @param operation number of the last operation on the whole executor
     * @param evictedEver whether a result was ever evicted: decides what an id older than the tombstones answers
     * @param oldestTombstone one above the highest sequence whose tombstone was forgotten: below it, an id that has neither
     *     task nor tombstone is gone for a reason that is not known exactly any more
     */
    record OfExecutor(
            String name,
            long operation,
            boolean shutdown,
            boolean paused,
            boolean evictedEver,
            long oldestTombstone,
            Counters counters)
            implements SnapshotItem {}

    /** Totals since the executor's first task in this partition. */
    record Counters(
            long completed,
            long failed,
            long cancelled,
            long recovered,
            long evicted,
            long quarantined,
            long parked,
            long retried) {

        public static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** States that a ring keeps of a task. */
    enum State {
        /** Stored, not ended; whether it runs right now is known to its node only. */
        UNFINISHED,
        PARKED,
        QUARANTINED,
        COMPLETED,
        FAILED,
        CANCELLED
    }

    /**
     * One task or result.
     *
     * @param payload the task's bytes; null once a success or cancellation replaced it (a failure keeps it, for a retry)
     * @param attempt the highest attempt that was logged or may have run unlogged, 0 if none
     * @param attemptOpen whether that attempt was logged as started and has not ended
     * @param disposeAtEnd whether the result is to be dropped when the task ends
     * @param resultCodec codec of {@code result}, or null
     * @param result bytes of the result or the failure, or null
     */
    record OfTask(
            long sequence,
            String executor,
            long submittedAtMillis,
            TaskSpec spec,
            @Nullable Body payload,
            State state,
            int attempt,
            boolean attemptOpen,
            int crashes,
            boolean disposeAtEnd,
            long startedAtMillis,
            long finishedAtMillis,
            @Nullable String heldReason,
            @Nullable String resultCodec,
            @Nullable FailureInfo failure,
            @Nullable Body result)
            implements SnapshotItem {}

    /** Ids that were removed, with why: a run of an executor's tombstones, oldest first. */
    @SuppressWarnings("ArrayRecordComponent") // never compared by value
    record Tombstones(String executor, long[] sequences, Removal removal) implements SnapshotItem {}

    /** Why a result is gone. */
    enum Removal {
        DISPOSED,
        EVICTED
    }

    /** An idempotency key that is still remembered. */
    record Key(String executor, String idempotencyKey, long sequence, long atMillis) implements SnapshotItem {}

    /**
     * A remote caller whose calls are remembered; callers come in the order of their last records, oldest first.
     *
     * @param lowestUnanswered of its calls
     * @param atMillis of its last record
     * @param calls those that caused a record, by number, upwards; one list for a caller, so as long as its limit allows
     */
    record Caller(UUID caller, long lowestUnanswered, long atMillis, List<Call> calls) implements SnapshotItem {}

    /**
     * A call that caused a record.
     *
     * @param number of the call, see {@link RequestId}
     * @param sequence of the task that it was about
     */
    record Call(long number, Caused caused, long sequence) {}

    /** The record that a call caused. */
    enum Caused {
        SUBMITTED,
        CANCELLED,
        DISPOSED,
        DISCARDED,
        RETRIED
    }
}
