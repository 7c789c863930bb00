package dev.holdfast.testkit.sim;

/**
 * One node's clocks. The monotonic one begins anywhere, runs a little too fast or too slow, and may stand still while the
 * machine is suspended; the wall clock shows that afterwards.
 */
final class SimClock {

    private static final long MILLION = 1_000_000;

    /** A disagreement of both clocks by so much since they were compared last is a jump (R5). */
    private static final long JUMP_NANOS = 100 * MILLION;

    private final Timeline timeline;
    private long baseNanos;
    private long sinceNanos;
    private long driftPerMillion;
    private long stoodStillNanos;
    private long knownStillNanos;

    SimClock(Timeline timeline, long baseNanos) {
        this.timeline = timeline;
        this.baseNanos = baseNanos;
    }

    long nowNanos() {
        long elapsedNanos = timeline.nowNanos() - sinceNanos;
        return baseNanos + elapsedNanos + elapsedNanos / MILLION * driftPerMillion;
    }

    /** Milliseconds since 1970, for records. */
    long wallMillis() {
        return 1_700_000_000_000L + timeline.nowNanos() / MILLION;
    }

    void drift(long perMillion) {
        baseNanos = nowNanos();
        sinceNanos = timeline.nowNanos();
        driftPerMillion = perMillion;
    }

    /** The machine was suspended: the monotonic clock did not see it. */
    void standStill(long nanos) {
        baseNanos -= nanos;
        stoodStillNanos += nanos;
    }

    boolean hasJumped() {
        return stoodStillNanos - knownStillNanos >= JUMP_NANOS;
    }

    void jumpIsKnown() {
        knownStillNanos = stoodStillNanos;
    }
}
