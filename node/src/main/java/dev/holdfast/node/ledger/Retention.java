package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.Totals.Total;
import dev.holdfast.storage.log.LogRecord;
import java.util.TreeSet;

/** Which results have to go, and when: too many, too large, too old. Unfinished tasks never do. */
final class Retention {

    /** So that one command stays short, also after the limits were lowered. */
    private static final int REMOVALS_PER_COMMAND = 1_000;

    private Retention() {}

    /**
     * After a result was stored: evicts the oldest while there are too many. The new one itself stays, alone if it is
     * larger than all results may be together: the result of an accepted task is always stored.
     */
    static void makeRoom(Turn turn, String executor, long storedSequence) {
        PendingExecutor results = turn.state().executor(executor);
        if (results.limits().rejectWhenFull()) {
            return;
        }
        for (int evicted = 0; evicted < REMOVALS_PER_COMMAND && isOverFull(results); evicted++) {
            StoredEntry oldest = turn.state().oldestResult(executor);
            if (oldest == null || oldest.sequence() == storedSequence) {
                return;
            }
            turn.log(new LogRecord.Evicted(oldest.sequence(), turn.nowMillis()));
        }
    }

    private static boolean isOverFull(PendingExecutor results) {
        return results.total(Total.RESULTS) > results.limits().maxResults()
                || results.total(Total.RESULT_BYTES) > results.limits().maxResultBytes();
    }

    /** Whether stored results refuse another task, where they are not evicted. */
    static boolean refuses(PendingExecutor executor) {
        ExecutorLimits limits = executor.limits();
        return limits.rejectWhenFull()
                && (executor.total(Total.RESULTS) + executor.total(Total.UNFINISHED) >= limits.maxResults()
                        || executor.total(Total.RESULT_BYTES) >= limits.maxResultBytes());
    }

    static Reply sweep(Turn turn) {
        TreeSet<Long> expired = new TreeSet<>();
        for (String executor : turn.state().executorNames()) {
            turn.state().collectExpired(executor, turn.nowMillis(), REMOVALS_PER_COMMAND, expired);
        }
        expired.forEach(sequence -> turn.log(new LogRecord.Expired(sequence, turn.nowMillis())));
        return new Reply.Done(expired.size() == REMOVALS_PER_COMMAND);
    }
}
