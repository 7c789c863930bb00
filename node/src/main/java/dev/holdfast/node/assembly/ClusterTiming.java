package dev.holdfast.node.assembly;

import dev.holdfast.node.cluster.membership.MembershipTiming;
import dev.holdfast.replication.control.ratis.RatisTiming;
import dev.holdfast.replication.protocol.ReplicaTiming;
import dev.holdfast.replication.transport.Backoff;
import java.time.Duration;

/**
 * How patient a member is with the others. All members of a cluster have the same.
 *
 * @param replicas how long a hand-over may drain is the configuration's in any case
 */
public record ClusterTiming(MembershipTiming membership, ReplicaTiming replicas) {

    /** Of nodes on machines of their own. */
    public static final ClusterTiming PRODUCTION =
            new ClusterTiming(MembershipTiming.PRODUCTION, ReplicaTiming.DEFAULT);

    /**
     * For tests over loopback: whoever is silent for a second or two is given up. A process that does not get the processor for
     * as long is taken for dead, which costs a failover and nothing else.
     */
    public static final ClusterTiming QUICK = new ClusterTiming(
            new MembershipTiming(
                    Duration.ofMillis(500),
                    new Backoff(Duration.ofMillis(10), Duration.ofMillis(100)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(4),
                    new RatisTiming(
                            Duration.ofMillis(500),
                            Duration.ofMillis(1_000),
                            Duration.ofMillis(20),
                            Duration.ofMillis(100),
                            Duration.ofMillis(1_000),
                            Duration.ofMillis(1_000),
                            Duration.ofSeconds(5),
                            Duration.ofMillis(2_000),
                            Duration.ofMillis(100),
                            10_000)),
            ReplicaTiming.of(Duration.ofMillis(100), Duration.ofMillis(1_000)));
}
