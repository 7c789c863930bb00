package dev.holdfast.node.cluster;

import java.time.Duration;

/**
 * How often a copy is set aside and learnt again before that is taken for hopeless.
 *
 * @param times at most, within {@code window}
 * @param pause before the second time; four times as long before each later one
 */
record RelearnLimits(int times, Duration window, Duration pause) {

    static final RelearnLimits DEFAULT = new RelearnLimits(3, Duration.ofMinutes(10), Duration.ofSeconds(2));

    RelearnLimits {
        if (times < 1 || window.isNegative() || pause.isNegative()) {
            throw new IllegalArgumentException(
                    "Not limits: times=" + times + ", window=" + window + ", pause=" + pause);
        }
    }

    /** Before the one that {@code before} went ahead of. */
    Duration pauseAfter(int before) {
        return before == 0 ? Duration.ZERO : pause.multipliedBy(1L << (2 * Math.min(before - 1, 10)));
    }
}
