package dev.holdfast.node.cluster;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What this node leads, and placement wants another to: the first of a row's replicas, once it is in sync. Each is asked for once in an
 * epoch; the replica itself tries again. Thread-safe.
 */
final class Moves {

    private final NodeId self;
    private final Map<PartitionId, Asked> asked = new HashMap<>();
    private boolean stopped;

    private record Asked(Epoch epoch, NodeId target) {}

    Moves(NodeId self) {
        this.self = self;
    }

    /** Whom to hand over to now; empty: nobody, or it is asked for already. */
    synchronized Optional<NodeId> next(PartitionRow row) {
        if (stopped || row.replicas().isEmpty()) {
            return Optional.empty();
        }
        NodeId first = row.replicas().get(0);
        if (!row.isPrimary(self) || first.equals(self) || !row.inSync().contains(first)) {
            asked.remove(row.partition());
            return Optional.empty();
        }
        Asked now = new Asked(row.epoch(), first);
        return now.equals(asked.put(row.partition(), now)) ? Optional.empty() : Optional.of(first);
    }

    /** The node closes, and hands over for that. */
    synchronized void stop() {
        stopped = true;
    }
}
