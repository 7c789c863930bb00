package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;

/**
 * A node of the cluster.
 *
 * @param session its life in force; see {@link ClusterCommand.ClaimSession}
 * @param leaving whether it gets no replica any more and hands over those that it has
 */
public record Member(NodeId id, MemberDetails details, Role role, Session session, Presence presence, boolean leaving) {

    public String name() {
        return details.name();
    }

    /** Whether it may be given replicas. */
    public boolean takesReplicas() {
        return role.holdsReplicas() && !leaving;
    }

    Member with(Presence seen) {
        return new Member(id, details, role, session, seen, leaving);
    }

    Member with(Role other) {
        return new Member(id, details, other, session, presence, leaving);
    }

    Member asLeaving() {
        return new Member(id, details, role, session, presence, true);
    }

    /** For messages: the name, and the disk id that a name alone does not tell. */
    String label() {
        return name() + " (" + id + ")";
    }
}
