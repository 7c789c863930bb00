package dev.holdfast.storage.log;

/** A primary's term of office over one partition; grows with every takeover and every start, from 1. */
public record Epoch(long value) implements Comparable<Epoch> {

    /** Before the first primary. */
    public static final Epoch NONE = new Epoch(0);

    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("Not an epoch: epoch=" + value);
        }
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }
}
