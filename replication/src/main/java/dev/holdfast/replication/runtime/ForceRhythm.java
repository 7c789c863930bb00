package dev.holdfast.replication.runtime;

import java.time.Duration;

/**
 * How often a log is forced besides what the protocol asks for.
 *
 * @param every while there is something to force; zero: never
 * @param isPromised whether somebody counts on it, as with {@code sync: interval}: it is done in time, by whichever worker is free.
 *     Else it is there so that a force that somebody waits for later finds little to do, and is in nobody's way: {@link WriteOut}
 */
public record ForceRhythm(Duration every, boolean isPromised) {

    public static final ForceRhythm NEVER = new ForceRhythm(Duration.ZERO, false);

    public ForceRhythm {
        if (every.isNegative()) {
            throw new IllegalArgumentException("Not a time between two forces: every=" + every);
        }
    }

    boolean isNever() {
        return every.isZero();
    }
}
