package dev.holdfast.replication.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Whether this process, or its machine, has stood still since it was last seen at work: much of the monotonic clock has passed, or of
 * the wall clock, which goes on where the other one does not while a machine is suspended. Any thread.
 */
final class StoodStill {

    private final long pauseNanos;
    private volatile @Nullable Seen last;

    private record Seen(long nanos, long millis) {}

    /** @param pauseNanos less is no pause */
    StoodStill(long pauseNanos) {
        this.pauseNanos = pauseNanos;
    }

    /** It is at work. */
    void seen(long nanos, long millis) {
        last = new Seen(nanos, millis);
    }

    /** Since the last {@link #seen}; false before the first. */
    boolean until(long nanos, long millis) {
        Seen before = last;
        if (before == null) {
            return false;
        }
        long passedNanos = nanos - before.nanos();
        long skewNanos = Math.abs((millis - before.millis()) * 1_000_000 - passedNanos);
        return passedNanos > pauseNanos || skewNanos > pauseNanos;
    }
}
