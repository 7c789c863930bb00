package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.control.ratis.RatisTiming;
import dev.holdfast.replication.transport.Backoff;
import java.time.Duration;

/**
 * How patient a node is on its way into the cluster, and as a member.
 *
 * @param probe how long a question to a node of the list may take
 * @param backoff between the rounds of questions
 * @param sayAgain after which it is said again what is waited for
 * @param refusal how long a refusal by the table is tried again: the process before this one may still be seen
 * @param placement between two looks at who holds what
 * @param firstPlacement how long the first placement waits for founding voters that have not joined
 * @param control of the control plane; all members have the same
 */
public record MembershipTiming(
        Duration probe,
        Backoff backoff,
        Duration sayAgain,
        Duration refusal,
        Duration placement,
        Duration firstPlacement,
        RatisTiming control) {

    public static final MembershipTiming PRODUCTION = new MembershipTiming(
            Duration.ofSeconds(1),
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1)),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            RatisTiming.PRODUCTION);
}
