package dev.holdfast.replication.runtime;

import java.util.concurrent.TimeUnit;

/** Lets a line of the log through at most every ten seconds, and counts those between. Any thread. */
final class Throttle {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private boolean used;
    private long lastNanos;
    private long held;

    /** How many times this was asked since the last line, this one included; 0: write none now. */
    synchronized long permit(long nowNanos) {
        held++;
        if (used && nowNanos - lastNanos < PAUSE_NANOS) {
            return 0;
        }
        used = true;
        lastNanos = nowNanos;
        long count = held;
        held = 0;
        return count;
    }
}
