package dev.holdfast.replication.control;

/** How many commands the control table has taken in, duplicates not counted; equal revisions mean equal tables. */
public record Revision(long value) implements Comparable<Revision> {

    public static final Revision NONE = new Revision(0);

    public Revision {
        if (value < 0) {
            throw new IllegalArgumentException("Not a revision: revision=" + value);
        }
    }

    Revision next() {
        return new Revision(value + 1);
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
