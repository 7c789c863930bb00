package dev.holdfast.replication.transport;

import dev.holdfast.replication.protocol.NodeId;
import java.util.Optional;
import java.util.UUID;

/**
 * What either side of a connection says of itself.
 *
 * @param cluster empty: in none yet, or, of a client, not known yet
 * @param role what the connection is for
 * @param node the disk id; a client's own number for its life
 * @param session how often the node has started on its disk, from 1; 0 of whoever has no disk
 * @param name for people; at most {@value #MAX_NAME_CHARS} characters
 */
public record Identity(Optional<UUID> cluster, Role role, NodeId node, long session, String name) {

    public static final int MAX_NAME_CHARS = 255;

    public Identity {
        if (session < 0) {
            throw new IllegalArgumentException("Not a session: session=" + session + "; it counts from 0");
        }
        if (name.length() > MAX_NAME_CHARS || node.diskId().length() > MAX_NAME_CHARS) {
            throw new IllegalArgumentException("Too long a name: node-name=" + name + ", disk-id=" + node + "; at most "
                    + MAX_NAME_CHARS + " characters each");
        }
    }

    /** The same node in another role. */
    public Identity as(Role other) {
        return new Identity(cluster, other, node, session, name);
    }
}
