package dev.holdfast.replication.protocol;

/**
 * One life of a node on its data directory, counted from 1. The control table holds the one in force; whatever names an
 * older one comes from a process that is gone, or from a disk that was put back.
 */
public record Session(long value) implements Comparable<Session> {

    /** Before the first life. */
    public static final Session NONE = new Session(0);

    public Session {
        if (value < 0) {
            throw new IllegalArgumentException("Not a session: session=" + value);
        }
    }

    public Session next() {
        return new Session(value + 1);
    }

    @Override
    public int compareTo(Session other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
