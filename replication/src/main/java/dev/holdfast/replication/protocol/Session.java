package dev.holdfast.replication.protocol;

/** One life of a node on its directory, counted in the control plane; a later one shows that the earlier is gone. */
public record Session(long value) implements Comparable<Session> {

    public Session {
        if (value < 0) {
            throw new IllegalArgumentException("Not a session: session=" + value);
        }
    }

    @Override
    public int compareTo(Session other) {
        return Long.compare(value, other.value);
    }
}
