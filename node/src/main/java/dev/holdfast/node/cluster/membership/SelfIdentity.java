package dev.holdfast.node.cluster.membership;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Role;
import java.util.Optional;
import java.util.UUID;

/**
 * What this node says of itself at each handshake. Its session is the one that it is about to claim, from when the cluster is
 * found, so that connections made before the claim carry it too: it never falls. Thread-safe.
 */
final class SelfIdentity {

    private volatile Identity identity;
    private Session claimed = Session.NONE;

    SelfIdentity(NodeId node, String name, Session last) {
        this.identity = new Identity(Optional.empty(), Role.PEER, node, last.value(), name);
    }

    Identity now() {
        return identity;
    }

    synchronized void enter(UUID cluster) {
        identity = new Identity(
                Optional.of(cluster), identity.role(), identity.node(), identity.session(), identity.name());
    }

    /** From here on it may be that the table has {@code session}, and it is this process's own. */
    synchronized void claims(Session session) {
        claimed = session;
    }

    /** A member's table has this session of this node: unless this process has claimed it, the next one is to be claimed. */
    synchronized void heard(Session table) {
        if (table.compareTo(claimed) > 0) {
            raise(table.next());
        }
    }

    /** @return whether it was lower before */
    synchronized boolean raise(Session session) {
        boolean raised = session.value() > identity.session();
        if (raised) {
            identity = new Identity(
                    identity.cluster(), identity.role(), identity.node(), session.value(), identity.name());
        }
        return raised;
    }
}
