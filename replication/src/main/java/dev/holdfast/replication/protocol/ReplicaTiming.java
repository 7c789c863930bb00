package dev.holdfast.replication.protocol;

import java.time.Duration;

/**
 * How long things take. What is compared is one clock's time at one node, never two nodes' clocks.
 *
 * @param beaconNanos between two beacons, and between two tries of what was not answered
 * @param leaseNanos L: how long after it was sent an acknowledged beacon lets the primary serve
 * @param graceNanos G: how long after the last beacon a backup proposes itself; longer than L by drift and a margin
 * @param shrinkNanos how long a member may be silent or late before the primary proposes to go on without it; less than L
 * @param moveDrainNanos how long a balancing hand-over waits for running tasks, and twice as long before each next try
 */
public record ReplicaTiming(long beaconNanos, long leaseNanos, long graceNanos, long shrinkNanos, long moveDrainNanos) {

    public static final ReplicaTiming DEFAULT = of(Duration.ofMillis(200), Duration.ofMillis(1_500));

    public ReplicaTiming {
        if (beaconNanos <= 0
                || shrinkNanos < 2 * beaconNanos
                || leaseNanos <= shrinkNanos
                || graceNanos <= leaseNanos
                || moveDrainNanos <= 0) {
            throw new IllegalArgumentException(
                    "Need 0 < 2 beacon <= shrink < lease < grace and 0 < moveDrain: beaconNanos="
                            + beaconNanos + ", shrinkNanos=" + shrinkNanos + ", leaseNanos=" + leaseNanos
                            + ", graceNanos="
                            + graceNanos + ", moveDrainNanos=" + moveDrainNanos);
        }
    }

    /** Grace L + 0.5 s, or a third of L more if that is longer; shrink at 0.6 L; 10 s to drain. */
    public static ReplicaTiming of(Duration beacon, Duration lease) {
        long leaseNanos = lease.toNanos();
        long marginNanos = Math.max(leaseNanos / 3, Duration.ofMillis(500).toNanos());
        return new ReplicaTiming(
                beacon.toNanos(),
                leaseNanos,
                leaseNanos + marginNanos,
                leaseNanos / 5 * 3,
                Duration.ofSeconds(10).toNanos());
    }
}
