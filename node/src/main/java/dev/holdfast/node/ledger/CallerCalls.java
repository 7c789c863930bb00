package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.RequestId;
import dev.holdfast.storage.log.TaskId;
import org.agrona.collections.Long2LongHashMap;

/** The calls of one remote caller that caused a record, two words each: a number, and what it caused to which task. */
final class CallerCalls {

    static final long NONE = 0;

    /** A table that has been large and is nearly empty gives its memory back. */
    private static final int COMPACT_FROM = 256;

    private static final int COMPACT_BELOW = 8;

    private final Long2LongHashMap calls;
    private long lowestUnanswered = RequestId.FIRST_NUMBER;
    private long atMillis;

    CallerCalls() {
        calls = new Long2LongHashMap(NONE);
    }

    CallerCalls(CallerCalls other) {
        calls = new Long2LongHashMap(other.calls);
        lowestUnanswered = other.lowestUnanswered;
        atMillis = other.atMillis;
    }

    /** Not {@link #NONE}. */
    static long pack(int kind, long sequence) {
        return (kind + 1L) << TaskId.SEQUENCE_BITS | sequence;
    }

    static int kind(long packed) {
        return (int) (packed >>> TaskId.SEQUENCE_BITS) - 1;
    }

    static long sequence(long packed) {
        return packed & TaskId.MAX_SEQUENCE;
    }

    /** Forgets what is answered. Records may overtake each other on the way here: the highest bound counts. */
    void answeredBelow(long lowest, long nowMillis) {
        atMillis = nowMillis;
        if (lowest <= lowestUnanswered) {
            return;
        }
        if (lowest - lowestUnanswered <= calls.size()) {
            for (long number = lowestUnanswered; number < lowest; number++) {
                calls.remove(number);
            }
        } else {
            for (long number : numbers()) {
                if (number < lowest) {
                    calls.remove(number);
                }
            }
        }
        lowestUnanswered = lowest;
        if (calls.capacity() >= COMPACT_FROM && calls.size() < calls.capacity() / COMPACT_BELOW) {
            calls.compact();
        }
    }

    void add(long number, long packed) {
        if (number >= lowestUnanswered) {
            calls.put(number, packed);
        }
    }

    long find(long number) {
        return calls.get(number);
    }

    int size() {
        return calls.size();
    }

    /** How many have {@code lowest} or a higher number. */
    int sizeFrom(long lowest) {
        int[] count = new int[1];
        calls.forEachLong((number, packed) -> count[0] += number >= lowest ? 1 : 0);
        return count[0];
    }

    /** In no order, which is that of {@link #packed}. */
    long[] numbers() {
        long[] numbers = new long[calls.size()];
        int[] next = new int[1];
        calls.forEachLong((number, packed) -> numbers[next[0]++] = number);
        return numbers;
    }

    long[] packed() {
        long[] values = new long[calls.size()];
        int[] next = new int[1];
        calls.forEachLong((number, packed) -> values[next[0]++] = packed);
        return values;
    }

    long lowestUnanswered() {
        return lowestUnanswered;
    }

    /** Time of its last record. */
    long atMillis() {
        return atMillis;
    }
}
