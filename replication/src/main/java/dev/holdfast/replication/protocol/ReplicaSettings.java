package dev.holdfast.replication.protocol;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What does not change while a replica lives.
 *
 * @param session of this process, registered in the control plane before the replica is made
 * @param minInSync R1: members in sync without which nothing is committed
 * @param acknowledgeAfterForce whether an append counts only when it is forced ({@code always})
 * @param refusedConnectionCounts whether {@link Input.PeerGone} ends the grace at once
 */
public record ReplicaSettings(
        NodeId self,
        Session session,
        int minInSync,
        boolean acknowledgeAfterForce,
        boolean refusedConnectionCounts,
        ReplicaTiming timing,
        ReplicaLimits limits) {

    public ReplicaSettings {
        if (minInSync < 1) {
            throw new IllegalArgumentException("Not a number of members: minInSync=" + minInSync);
        }
    }

    /** What every proposal of this replica names. */
    SortedMap<NodeId, Session> ownSession() {
        SortedMap<NodeId, Session> sessions = new TreeMap<>();
        sessions.put(self, session);
        return sessions;
    }
}
