package dev.holdfast.replication.protocol;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lets a primary serve (R4): every other member of the maximal in-sync set has said, in answer to a beacon, that it will
 * not propose itself for a grace. It said so after the beacon was sent; so the primary counts from the sending.
 */
final class Lease {

    private final long leaseNanos;
    private final Map<NodeId, Long> answeredSentAtNanos = new TreeMap<>();
    private long floorNanos;
    private boolean hasFloor;

    Lease(ReplicaTiming timing) {
        this.leaseNanos = timing.leaseNanos();
    }

    void answered(NodeId member, BeaconStamp stamp, long nowNanos) {
        long sentAtNanos = stamp.sentAtNanos();
        if (sentAtNanos - nowNanos > 0 || (hasFloor && sentAtNanos - floorNanos < 0)) {
            return;
        }
        answeredSentAtNanos.merge(member, sentAtNanos, (old, each) -> each - old > 0 ? each : old);
    }

    /** {@code member} is another process now: what it promised before it may have forgotten. */
    void forget(NodeId member) {
        answeredSentAtNanos.remove(member);
    }

    /** The clock can not be trusted over the past: beacons sent before count no more (R5). */
    void surrender(long nowNanos) {
        answeredSentAtNanos.clear();
        floorNanos = nowNanos;
        hasFloor = true;
    }

    /** Whether {@code member} answered a beacon that was sent less than {@code withinNanos} ago. */
    boolean isFresh(NodeId member, long nowNanos, long withinNanos) {
        Long sentAtNanos = answeredSentAtNanos.get(member);
        return sentAtNanos != null && nowNanos - sentAtNanos < withinNanos;
    }

    /** @param others the maximal in-sync set without the primary */
    LeaseTerm term(Collection<NodeId> others) {
        LeaseTerm term = LeaseTerm.UNLIMITED;
        for (NodeId member : others) {
            Long sentAtNanos = answeredSentAtNanos.get(member);
            if (sentAtNanos == null) {
                return LeaseTerm.NONE;
            }
            long untilNanos = sentAtNanos + leaseNanos;
            if (term.kind() == LeaseTerm.Kind.UNLIMITED || untilNanos - term.untilNanos() < 0) {
                term = LeaseTerm.until(untilNanos);
            }
        }
        return term;
    }
}
