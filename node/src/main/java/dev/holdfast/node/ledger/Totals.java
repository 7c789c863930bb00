package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem.Counters;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts of one executor, or their change in flight. Whoever holds the partition writes, any thread reads. */
final class Totals {

    enum Total {
        UNFINISHED,
        HELD,
        RESULTS,
        RESULT_BYTES,
        COMPLETED,
        FAILED,
        CANCELLED,
        RECOVERED,
        EVICTED,
        QUARANTINED,
        PARKED,
        RETRIED
    }

    private final AtomicLongArray values = new AtomicLongArray(Total.values().length);

    long get(Total total) {
        return values.getAcquire(total.ordinal());
    }

    void add(Total total, long delta) {
        // One writer: no read-modify-write is needed.
        values.setRelease(total.ordinal(), values.getPlain(total.ordinal()) + delta);
    }

    /** Counts {@code change}, or with {@code sign} -1 takes it back. */
    void count(Change change, int sign) {
        StoredEntry before = change.before();
        StoredEntry after = change.after();
        if (before != null) {
            weigh(before, -sign);
        }
        if (change.removal() == null) {
            weigh(after, sign);
        } else if (change.removal() == Removal.EVICTED) {
            add(Total.EVICTED, sign);
        }
        if (change.ended() || change.held()) {
            add(reached(after), sign);
        } else if (change.retried()) {
            add(Total.RETRIED, sign);
        }
    }

    private static Total reached(StoredEntry entry) {
        return switch (entry.state()) {
            case COMPLETED -> Total.COMPLETED;
            case FAILED -> Total.FAILED;
            case CANCELLED -> Total.CANCELLED;
            case PARKED -> Total.PARKED;
            case QUARANTINED -> Total.QUARANTINED;
            case UNFINISHED -> throw new IllegalStateException("Neither ended nor held: " + entry);
        };
    }

    /** Counts an entry that is there ({@code sign} 1) or is not any more (-1). */
    void weigh(StoredEntry entry, int sign) {
        if (entry.isTerminal()) {
            add(Total.RESULTS, sign);
            add(Total.RESULT_BYTES, sign * entry.resultBytes());
        } else {
            add(entry.isHeld() ? Total.HELD : Total.UNFINISHED, sign);
        }
    }

    void addAll(Totals other, int sign) {
        for (Total total : Total.values()) {
            add(total, sign * other.get(total));
        }
    }

    Counters counters() {
        return new Counters(
                get(Total.COMPLETED),
                get(Total.FAILED),
                get(Total.CANCELLED),
                get(Total.RECOVERED),
                get(Total.EVICTED),
                get(Total.QUARANTINED),
                get(Total.PARKED),
                get(Total.RETRIED));
    }

    void install(Counters counters) {
        add(Total.COMPLETED, counters.completed());
        add(Total.FAILED, counters.failed());
        add(Total.CANCELLED, counters.cancelled());
        add(Total.RECOVERED, counters.recovered());
        add(Total.EVICTED, counters.evicted());
        add(Total.QUARANTINED, counters.quarantined());
        add(Total.PARKED, counters.parked());
        add(Total.RETRIED, counters.retried());
    }
}
