package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.protocol.NodeId;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * What a member of the control plane is started with.
 *
 * @param self this node
 * @param directory of the control plane's log, nobody else's; made if it is missing
 * @param clusterUuid the cluster, and so the group: members of another do not answer
 * @param founders the founding voters, on each of them and in no other node; empty for a node that joins. Once there is a
 *     log, what it says of the group counts instead
 * @param contacts nodes to ask while no leader is known, such as those of the configured list that have answered
 */
public record RatisSettings(
        NodeId self,
        Path directory,
        UUID clusterUuid,
        List<GroupMember> founders,
        List<NodeId> contacts,
        RatisTiming timing) {

    public RatisSettings {
        founders = List.copyOf(founders);
        contacts = List.copyOf(contacts);
    }
}
