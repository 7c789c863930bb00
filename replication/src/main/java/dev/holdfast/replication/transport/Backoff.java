package dev.holdfast.replication.transport;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: none before the first, then {@code first}, doubled each time up to {@code most},
 * of which a random half is taken off, so that those who lost one node do not all come back at once.
 */
public record Backoff(Duration first, Duration most) {

    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("Not a back-off: first=" + first + ", most=" + most
                    + "; the first has to be above zero and at most the other");
        }
    }

    /** @param failures since the last success; from 0 */
    public Duration before(int failures, RandomGenerator random) {
        if (failures <= 0) {
            return Duration.ZERO;
        }
        int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
        long nanos = Math.min(
                most.toNanos(), first.toNanos() << Math.min(doublings, Long.numberOfLeadingZeros(first.toNanos()) - 1));
        return Duration.ofNanos(nanos - (long) (random.nextDouble() * (nanos / 2.0)));
    }
}
