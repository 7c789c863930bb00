package dev.holdfast.replication.runtime;

import java.util.concurrent.TimeUnit;

/** How long to wait before the next try: a beacon's time, each time twice as long, at most five seconds. Under the shell's lock. */
final class TryAgain {

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long firstNanos;
    private long nextNanos;

    TryAgain(long firstNanos) {
        this.firstNanos = firstNanos;
        this.nextNanos = firstNanos;
    }

    /** After another failure. */
    long delayNanos() {
        long delayNanos = nextNanos;
        nextNanos = Math.min(MOST_NANOS, 2 * nextNanos);
        return delayNanos;
    }

    /** It went well. */
    void reset() {
        nextNanos = firstNanos;
    }
}
