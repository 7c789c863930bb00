package dev.holdfast.node.ledger;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The idempotency keys of one executor, committed, oldest first. Bounded by count and age; only the record of another key
 * removes one, so that replay does the same. Belongs to whoever holds the partition.
 *
 * <p>What is put here is committed, so it is right: where a key is here already, the one who stored it again had forgotten it
 * under limits of his own, and the newer task has the key from then on. Whoever decides looks first.
 *
 * <p>Its time never goes back: a key stored while the clock is behind gets the time of the key before it. So the expired
 * ones are the oldest ones always, and a clock that was set back makes a key last longer, never shorter.
 */
final class IdempotencyTable {

    /**
     * A remembered key.
     *
     * @param ordinal counts the keys of this table, from 0, without gaps
     */
    record Remembered(String key, long sequence, long atMillis, long ordinal) {}

    private final int limit;
    private final long ttlMillis;
    private final Map<String, Remembered> byKey = new HashMap<>();
    private final ArrayDeque<Remembered> oldestFirst = new ArrayDeque<>();
    private long nextOrdinal;

    IdempotencyTable(ExecutorLimits limits) {
        this.limit = limits.keys();
        this.ttlMillis = limits.keyTtlMillis();
    }

    /** Whether a key is in force, seen from an instant and after so many keys. */
    static boolean inForce(Remembered key, long nowMillis, long nextOrdinal, ExecutorLimits limits) {
        return key.ordinal() >= nextOrdinal - limits.keys() && nowMillis - key.atMillis() < limits.keyTtlMillis();
    }

    void put(String key, long sequence, long atMillis) {
        if (limit == 0) {
            return;
        }
        long at = Math.max(atMillis, lastAtMillis());
        while (!oldestFirst.isEmpty() && at - oldestFirst.getFirst().atMillis() >= ttlMillis) {
            removeOldest();
        }
        if (oldestFirst.size() == limit) {
            removeOldest();
        }
        Remembered remembered = new Remembered(key, sequence, at, nextOrdinal++);
        byKey.put(key, remembered);
        oldestFirst.addLast(remembered);
    }

    private void removeOldest() {
        Remembered oldest = oldestFirst.removeFirst();
        byKey.remove(oldest.key(), oldest); // a newer task may have the key
    }

    @Nullable
    Remembered find(String key) {
        return byKey.get(key);
    }

    long lastAtMillis() {
        Remembered last = oldestFirst.peekLast();
        return last == null ? Long.MIN_VALUE : last.atMillis();
    }

    long nextOrdinal() {
        return nextOrdinal;
    }

    void clear() {
        byKey.clear();
        oldestFirst.clear();
        nextOrdinal = 0;
    }

    /** A copy, oldest first. */
    List<Remembered> toList() {
        return new ArrayList<>(oldestFirst);
    }
}
