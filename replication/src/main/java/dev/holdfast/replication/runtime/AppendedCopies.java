package dev.holdfast.replication.runtime;

import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedRun;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The records that a follower appended last and that are not known to be committed yet: kept, up to a bound, so that they need
 * not be read again when they are. What is missing here is in the log. Under the shell's lock.
 */
final class AppendedCopies {

    /** Records of a partition that commits nothing are soon more than is worth keeping. */
    private static final long MAX_BYTES = 1 << 20;

    /** Without gaps, oldest first. */
    private final Deque<Copy> copies = new ArrayDeque<>();

    private long bytes;

    /** @param records one for each log sequence number of {@code run} */
    private record Copy(ReplicatedRun run, List<LogRecord.Replicated> records) {

        long bytes() {
            return run.documents().length;
        }

        long first() {
            return run.before().lsn().value() + 1;
        }

        long last() {
            return run.after().lsn().value();
        }
    }

    void add(ReplicatedRun run, List<LogRecord.Replicated> records) {
        Copy next = new Copy(run, records);
        Copy last = copies.peekLast();
        if (records.size() != run.count() // one of them takes several numbers
                || bytes + next.bytes() > MAX_BYTES
                || (last != null && last.last() + 1 != next.first())) {
            clear();
        }
        if (records.size() == run.count() && next.bytes() <= MAX_BYTES) {
            copies.add(next);
            bytes += next.bytes();
        }
    }

    void clear() {
        copies.clear();
        bytes = 0;
    }

    /**
     * Hands over what is here of the records behind {@code applied} up to {@code committed}.
     *
     * @return up to where that was
     */
    Lsn apply(Lsn applied, Lsn committed, ReplayHandler ring) {
        long at = applied.value();
        for (Copy next = copies.peek(); next != null && next.first() <= committed.value(); next = copies.peek()) {
            if (next.first() > at + 1) {
                break; // what is between is read
            }
            long upTo = Math.min(next.last(), committed.value());
            for (long lsn = at + 1; lsn <= upTo; lsn++) {
                ring.onRecord(
                        new Lsn(lsn), next.run().after().epoch(), next.records().get((int) (lsn - next.first())));
            }
            at = Math.max(at, upTo);
            if (next.last() > at) {
                break;
            }
            bytes -= next.bytes();
            copies.remove();
        }
        return new Lsn(at);
    }
}
