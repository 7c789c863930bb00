package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.IdempotencyTable.Remembered;
import dev.holdfast.node.ledger.Reply.Refusal;
import dev.holdfast.node.ledger.Totals.Total;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import org.jspecify.annotations.Nullable;

/** Who gets in. A submit that was stored before, by its key, is answered before any limit is looked at. */
final class Admission {

    private final PartitionId partition;
    private boolean room = true;
    private long issueFrom = TaskId.FIRST_SEQUENCE;
    private long issueEndExclusive = TaskId.FIRST_SEQUENCE;

    Admission(PartitionId partition) {
        this.partition = partition;
    }

    Reply submit(Turn turn, Command.Submit submit) {
        Remembered stored = stored(turn.state(), submit, turn.nowMillis());
        if (stored != null) {
            return new Reply.Stored(stored.sequence(), true);
        }
        Reply.@Nullable Refused refused = refuse(turn.state(), submit.executor());
        if (refused != null) {
            return refused;
        }
        long sequence = nextSequence(turn.state());
        turn.log(new LogRecord.Submitted(
                sequence, submit.executor(), turn.nowMillis(), submit.spec(), submit.payload(), submit.request()));
        return new Reply.Stored(sequence, false);
    }

    boolean isStored(InFlight state, Command.Submit submit, long nowMillis) {
        return stored(state, submit, nowMillis) != null;
    }

    private static @Nullable Remembered stored(InFlight state, Command.Submit submit, long nowMillis) {
        String key = submit.spec().idempotencyKey();
        return key == null ? null : state.key(submit.executor(), key, nowMillis);
    }

    private Reply.@Nullable Refused refuse(InFlight state, String name) {
        PendingExecutor executor = state.executor(name);
        ExecutorLimits limits = executor.limits();
        if (executor.shutdown()) {
            return refused(Refusal.SHUTDOWN, name, "is shut down", "", "reopen it first");
        }
        if (!room) {
            return refused(
                    Refusal.SPACE, name, "has no room on the disk", "", "free space in the data directory, then retry");
        }
        long unfinished = executor.total(Total.UNFINISHED);
        if (unfinished >= limits.capacity()) {
            return refused(
                    Refusal.CAPACITY,
                    name,
                    "is full",
                    ", capacity=" + limits.capacity() + ", unfinished=" + unfinished,
                    "retry later, or raise `capacity`");
        }
        long held = executor.total(Total.HELD);
        if (held > limits.maxHeld()) {
            return refused(
                    Refusal.HELD,
                    name,
                    "holds too many parked and quarantined tasks",
                    ", held=" + held + ", max-held=" + limits.maxHeld(),
                    "retry or discard them");
        }
        if (Retention.refuses(executor)) {
            return refused(
                    Refusal.RESULTS,
                    name,
                    "stores as many results as it may",
                    ", results=" + executor.total(Total.RESULTS) + ", unfinished=" + unfinished + ", max-results="
                            + limits.maxResults() + ", result-bytes=" + executor.total(Total.RESULT_BYTES)
                            + ", max-bytes=" + limits.maxResultBytes(),
                    "dispose of results, raise the limit, or set `when-full: EVICT_OLDEST`");
        }
        long next = nextSequence(state);
        if (next >= issueEndExclusive || next > TaskId.MAX_SEQUENCE) {
            return refused(
                    Refusal.SEQUENCES,
                    name,
                    "has used up its reserved task ids",
                    ", nextSequence=" + next + ", reservedEnd=" + issueEndExclusive,
                    "retry, more are being reserved");
        }
        return null;
    }

    private Reply.Refused refused(Refusal why, String executor, String what, String values, String remedy) {
        return new Reply.Refused(
                why,
                "The executor " + what + ", nothing was stored: executor=" + executor + ", partition=" + partition
                        + values + "; " + remedy);
    }

    long nextSequence(InFlight state) {
        return Math.max(issueFrom, state.nextSequence());
    }

    /** Issuing goes on at {@code sequence}: sequences below it may have been issued by an earlier primary. */
    void issueFrom(long sequence) {
        issueFrom = Math.max(issueFrom, sequence);
    }

    void issueUpTo(long endExclusive) {
        issueEndExclusive = Math.max(issueEndExclusive, endExclusive);
    }

    void setRoom(boolean hasRoom) {
        room = hasRoom;
    }
}
