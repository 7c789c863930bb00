package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem.Removal;

/** The answer to a {@link Command}; given to the asker only after everything decided up to it is committed. */
public sealed interface Reply {

    /** The task is stored; {@code existing} if an earlier submit with the same idempotency key stored it. */
    record Stored(long sequence, boolean existing) implements Reply {}

    /** Nothing was stored or changed. {@code message} says why, with values and remedy. */
    record Refused(Refusal refusal, String message) implements Reply {}

    /** Why a submit, or any call with a request, is refused. */
    enum Refusal {
        CAPACITY,
        /** Too many held tasks, see {@code max-held}. */
        HELD,
        /** {@code when-full: REJECT}. */
        RESULTS,
        SHUTDOWN,
        /** The log has no room. */
        SPACE,
        /** Fewer copies than {@code replication.min-in-sync}. */
        COPIES,
        /** The reserved sequences are used up and more could not be reserved yet. */
        SEQUENCES,
        /** Of calls with a request: too many of them are unanswered. */
        REQUESTS,
        /** Of calls with a request: its number is that of another call, or of one that its caller waits for no more. */
        SPENT,
        /** Of any command: too many wait for their commit at the node that leads the partition. */
        BUSY,
        /** Of any command: nobody was found in time who leads the partition. */
        NO_OWNER,
        /** Of any command: the partition refuses everything, at the node that leads it. */
        PARTITION,
        /** The task is larger than the node that leads the partition takes. */
        TOO_LARGE,
        /** Of any command: split-brain protection at the node that leads the partition. */
        PROTECTION
    }

    /** The attempt is logged as started. */
    record MayStart(int attempt) implements Reply {}

    record Done(boolean changed) implements Reply {}

    /** The task has moved on; what the attempt did does not count. */
    record Dropped() implements Reply {}

    /** The task has ended as {@code outcome} says (an entry in a terminal state). */
    record Ended(TaskEntry outcome) implements Reply {}

    record NotEnded() implements Reply {}

    /**
     * This very call came before and removed the outcome, which is not here any more: nobody but its caller has got it, or
     * could. A remote caller fetches the outcome before it takes it, and now gives what it fetched.
     */
    record Taken() implements Reply {}

    record Stale(Staleness staleness) implements Reply {}

    /**
     * The partition failed or was closed before the answer was committed: whether the command took effect, or how the task
     * ends, is not known here. Given to commands and to waiters alike; {@code problem} says what happened and what to do.
     */
    record Unanswered(String problem) implements Reply {}

    /**
     * This node leads the partition no more. Given to commands and to waiters; whoever asked asks the new leader.
     *
     * @param maybeDone false: nothing happened; true: whether the command took effect is not known here
     */
    record Elsewhere(boolean maybeDone) implements Reply {}

    /** Why there is no such task. */
    enum Staleness {
        DISPOSED,
        EVICTED,
        UNKNOWN,
        LOST;

        public static Staleness of(Removal removal) {
            return switch (removal) {
                case DISPOSED -> DISPOSED;
                case EVICTED -> EVICTED;
            };
        }
    }
}
