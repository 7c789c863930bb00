package dev.holdfast.node.assembly;

import dev.holdfast.replication.transport.PeerAddress;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/**
 * What a member takes from the world around it beside its configuration. The testkit changes it; nobody else does.
 *
 * @param clock of what is stored: when a task was submitted, started and finished, and whether its result is to be kept still.
 *     Leases, timeouts and timers go by the system's
 * @param route where to connect to reach the member that listens at an address; by threads of the network, it must not block
 */
public record NodeSurroundings(ClusterTiming timing, InstantSource clock, UnaryOperator<PeerAddress> route) {

    public static final NodeSurroundings PRODUCTION =
            new NodeSurroundings(ClusterTiming.PRODUCTION, InstantSource.system(), UnaryOperator.identity());
}
