package dev.holdfast.storage.log;

/** Log sequence number of a replicated record in its partition: dense, from 1. */
public record Lsn(long value) implements Comparable<Lsn> {

    /** Before the first record. */
    public static final Lsn NONE = new Lsn(0);

    public Lsn {
        if (value < 0) {
            throw new IllegalArgumentException("Not a log sequence number: lsn=" + value);
        }
    }

    public Lsn next() {
        return new Lsn(value + 1);
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compare(value, other.value);
    }
}
