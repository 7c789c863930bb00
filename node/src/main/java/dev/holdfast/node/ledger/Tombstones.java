package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.collections.Long2LongHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The removed ids of one executor that are remembered, with why; the first removed is the first forgotten. 8 bytes each for
 * the order and, ids being dense, little more than 2 bits for the look-up: {@code marks} holds 32 ids per word.
 *
 * <p>Any thread may ask: each method holds the monitor, for a few probes only.
 */
final class Tombstones {

    /** So that one item of a checkpoint stays small. */
    private static final int RUN_LIMIT = 4_096;

    private static final int INITIAL_SIZE = 16;
    private static final int IDS_PER_WORD_BITS = 5;
    private static final long MARK_MASK = 0b11;
    private static final long DISPOSED = 0b01;
    private static final long EVICTED = 0b10;

    private final int limit;
    private final Long2LongHashMap marks = new Long2LongHashMap(0);

    /** A circle of sequences in order of their removal, the lowest bit set where it was evicted. */
    private long[] order = new long[INITIAL_SIZE];

    private int oldest;
    private int size;
    private long forgottenBelow;
    private boolean evictedEver;

    Tombstones(int limit) {
        this.limit = limit;
    }

    synchronized void add(long sequence, Removal why) {
        boolean evicted = why == Removal.EVICTED;
        evictedEver |= evicted;
        if (limit == 0) {
            forgottenBelow = Math.max(forgottenBelow, sequence + 1);
            return;
        }
        if (size == limit) {
            forgetOldest();
        }
        if (size == order.length) {
            grow();
        }
        order[(oldest + size) % order.length] = sequence << 1 | (evicted ? 1 : 0);
        size++;
        long word = sequence >>> IDS_PER_WORD_BITS;
        marks.put(word, marks.get(word) | (evicted ? EVICTED : DISPOSED) << shift(sequence));
    }

    private void forgetOldest() {
        long sequence = order[oldest] >>> 1;
        oldest = (oldest + 1) % order.length;
        size--;
        forgottenBelow = Math.max(forgottenBelow, sequence + 1);
        long word = sequence >>> IDS_PER_WORD_BITS;
        long left = marks.get(word) & ~(MARK_MASK << shift(sequence));
        if (left == 0) {
            marks.remove(word);
        } else {
            marks.put(word, left);
        }
    }

    private void grow() {
        long[] larger = new long[Math.min(limit, order.length * 2)];
        int upToEnd = Math.min(size, order.length - oldest);
        System.arraycopy(order, oldest, larger, 0, upToEnd);
        System.arraycopy(order, 0, larger, upToEnd, size - upToEnd);
        order = larger;
        oldest = 0;
    }

    private static int shift(long sequence) {
        return (int) (sequence & ((1 << IDS_PER_WORD_BITS) - 1)) << 1;
    }

    /**
     * Why a sequence, issued and without an entry, is gone; one that may be another executor's is unknown.
     *
     * @param evictedInFlight whether an eviction is in flight, which counts as done
     */
    synchronized Reply.Staleness staleness(long sequence, boolean evictedInFlight) {
        Removal removal = find(sequence);
        if (removal != null) {
            return Reply.Staleness.of(removal);
        }
        return sequence < forgottenBelow ? forgotten(evictedEver || evictedInFlight) : Reply.Staleness.UNKNOWN;
    }

    /** What an id answers whose tombstone is forgotten. */
    static Reply.Staleness forgotten(boolean evictedEver) {
        return evictedEver ? Reply.Staleness.EVICTED : Reply.Staleness.DISPOSED;
    }

    private @Nullable Removal find(long sequence) {
        long mark = marks.get(sequence >>> IDS_PER_WORD_BITS) >>> shift(sequence) & MARK_MASK;
        if (mark == 0) {
            return null;
        }
        return mark == EVICTED ? Removal.EVICTED : Removal.DISPOSED;
    }

    /** Forgets all; every sequence below {@code endExclusive} counts as disposed of. */
    synchronized void clear(long endExclusive) {
        order = new long[INITIAL_SIZE];
        oldest = 0;
        size = 0;
        marks.clear();
        marks.compact();
        evictedEver = false;
        forgottenBelow = Math.max(forgottenBelow, endExclusive);
    }

    /** Before anything was added. */
    synchronized void install(boolean everEvicted, long oldestTombstone) {
        evictedEver = everEvicted;
        forgottenBelow = oldestTombstone;
    }

    synchronized int size() {
        return size;
    }

    synchronized boolean evictedEver() {
        return evictedEver;
    }

    synchronized long oldestTombstone() {
        return forgottenBelow;
    }

    /** A copy, in order of removal, cut where the reason changes. */
    synchronized List<SnapshotItem.Tombstones> runs(String executor) {
        List<SnapshotItem.Tombstones> runs = new ArrayList<>();
        long[] run = new long[RUN_LIMIT];
        int length = 0;
        for (int i = 0; i < size; i++) {
            long tombstone = order[(oldest + i) % order.length];
            run[length++] = tombstone >>> 1;
            boolean last = i + 1 == size;
            if (last || length == RUN_LIMIT || (order[(oldest + i + 1) % order.length] & 1) != (tombstone & 1)) {
                Removal removal = (tombstone & 1) == 0 ? Removal.DISPOSED : Removal.EVICTED;
                runs.add(new SnapshotItem.Tombstones(executor, Arrays.copyOf(run, length), removal));
                length = 0;
            }
        }
        return runs;
    }
}
