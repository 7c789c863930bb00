package dev.holdfast.replication.protocol;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What does not change while a replica lives.
 *
 * @param session of this process, registered in the control plane before the replica is made
 * @param acknowledgeAfterForce whether an append counts only when it is forced ({@code always})
 * @param refusedConnectionCounts whether {@link Input.PeerGone} ends the grace at once
 */
public record ReplicaSettings(
        NodeId self,
        Session session,
        boolean acknowledgeAfterForce,
        boolean refusedConnectionCounts,
        ReplicaTiming timing,
        ReplicaLimits limits) {

    /** What every proposal of this replica names. */
    SortedMap<NodeId, Session> ownSession() {
        SortedMap<NodeId, Session> sessions = new TreeMap<>();
        sessions.put(self, session);
        return sessions;
    }
}
