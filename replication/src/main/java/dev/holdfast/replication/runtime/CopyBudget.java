package dev.holdfast.replication.runtime;

import java.util.concurrent.TimeUnit;

/**
 * How much may be read now, at a rate that is kept on average: a token bucket that lends. What is taken may be more than there is,
 * for the size of a read is known afterwards; then it takes longer until there is something again. No thread, no clock.
 */
final class CopyBudget {

    private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long bytesPerSecond;
    private final long mostBytes;
    private double bytes;
    private long nowNanos;

    /**
     * @param bytesPerSecond at least 1
     * @param mostBytes that are kept of a time in which nothing was taken
     */
    CopyBudget(long bytesPerSecond, long mostBytes, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.mostBytes = mostBytes;
        this.bytes = mostBytes;
        this.nowNanos = nowNanos;
    }

    /** How long until something may be taken; 0: now. */
    long nanosToWait(long atNanos) {
        pass(atNanos);
        return bytes > 0 ? 0 : 1 + (long) Math.ceil(-bytes / bytesPerSecond * SECOND_NANOS);
    }

    void take(long taken, long atNanos) {
        pass(atNanos);
        bytes -= taken;
    }

    private void pass(long atNanos) {
        long passed = atNanos - nowNanos;
        if (passed > 0) {
            nowNanos = atNanos;
            bytes = Math.min(mostBytes, bytes + passed / SECOND_NANOS * bytesPerSecond);
        }
    }
}
