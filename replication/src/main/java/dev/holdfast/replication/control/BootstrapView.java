package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself before it is in a cluster, and after. It has forced its disk id before it says so for the first
 * time: who answers twice under one id is one node.
 *
 * @param name for messages
 * @param partitionCount as configured, or of the data that it has
 * @param voters the addresses of the initial voters as this node has them configured, in order
 * @param embedded the data that it holds as an embedded node, if any; {@code node} of it is this node
 * @param embeddedUuid the cluster UUID that such data carries; empty without
 * @param cluster the founding of the cluster that it belongs to, if any
 */
public record BootstrapView(
        NodeId node,
        String name,
        int partitionCount,
        List<NodeAddress> voters,
        Optional<Origin> embedded,
        String embeddedUuid,
        Optional<Founding> cluster) {

    public BootstrapView {
        Limits.requireText("name", name, MemberDetails.MAX_NAME_LENGTH);
        Limits.requireRange("partition count", partitionCount, 1, PartitionId.MAX + 1);
        voters = List.copyOf(voters);
        Limits.requireRange("number of voters", voters.size(), 0, Founding.MAX_VOTERS);
        Limits.requireLength("cluster UUID", embeddedUuid, Founding.MAX_UUID_LENGTH);
        if (embedded.isPresent() == embeddedUuid.isEmpty()) {
            throw new IllegalArgumentException("Embedded data has a UUID, and nothing else has: node=" + node);
        }
        if (embedded.isPresent() && cluster.isPresent()) {
            throw new IllegalArgumentException("A member's data is the cluster's: node=" + node);
        }
    }

    /** For messages. */
    String label() {
        return name + " (" + node + ")";
    }
}
