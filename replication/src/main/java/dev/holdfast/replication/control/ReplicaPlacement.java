package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;

/**
 * Who is to hold a partition's copies.
 *
 * @param expected the version that the row must have now
 * @param replicas the first is the one that should be primary; new ones start as learners
 */
public record ReplicaPlacement(PartitionId partition, RowVersion expected, List<NodeId> replicas) {

    public ReplicaPlacement {
        replicas = List.copyOf(replicas);
        Limits.requireRange("number of replicas", replicas.size(), 1, Limits.MAX_REPLICAS);
        if (replicas.stream().distinct().count() != replicas.size()) {
            throw new IllegalArgumentException("A replica is named twice: replicas=" + replicas);
        }
    }
}
