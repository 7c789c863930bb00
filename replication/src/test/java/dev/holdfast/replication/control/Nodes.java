package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Short names for what tests of the control table are full of. */
final class Nodes {

    static final NodeId A = new NodeId("disk-a");
    static final NodeId B = new NodeId("disk-b");
    static final NodeId C = new NodeId("disk-c");
    static final NodeId D = new NodeId("disk-d");
    static final PartitionId P0 = new PartitionId(0);
    static final Session S1 = new Session(1);
    static final String CLUSTER = "6d1f6f0e-6d0f-4f5e-8f5e-000000000001";

    private Nodes() {}

    static MemberDetails details(NodeId node) {
        return details(node, "");
    }

    static MemberDetails details(NodeId node, String zone) {
        int port = 5000 + Math.floorMod(node.hashCode(), 50_000);
        return new MemberDetails("node-" + node.diskId(), List.of(new NodeAddress("127.0.0.1", port)), zone);
    }

    static ClusterCommand.Found found(int partitions, int minInSync, NodeId... voters) {
        return new ClusterCommand.Found(
                new Founding(CLUSTER, new TreeSet<>(List.of(voters)), partitions, Optional.empty()), minInSync);
    }

    static ClusterCommand.Join join(NodeId node) {
        return new ClusterCommand.Join(node, details(node), Role.VOTER, S1, 1_000);
    }

    static ClusterCommand.PlaceReplicas place(int partition, int version, NodeId... replicas) {
        return new ClusterCommand.PlaceReplicas(
                List.of(new ReplicaPlacement(new PartitionId(partition), new RowVersion(version), List.of(replicas))));
    }

    static SortedMap<NodeId, Session> sessions(NodeId... nodes) {
        SortedMap<NodeId, Session> sessions = new TreeMap<>();
        for (NodeId node : nodes) {
            sessions.put(node, S1);
        }
        return sessions;
    }

    /** A row to be changed step by step. */
    record RowDraft(PartitionRow row) {

        RowDraft inSync(NodeId... nodes) {
            return new RowDraft(new PartitionRow(
                    row.partition(),
                    row.replicas(),
                    new TreeSet<>(Set.of(nodes)),
                    row.eligible(),
                    row.primary().filter(Set.of(nodes)::contains),
                    row.epoch(),
                    row.version(),
                    row.idCeiling()));
        }

        RowDraft eligible(NodeId... nodes) {
            return new RowDraft(new PartitionRow(
                    row.partition(),
                    row.replicas(),
                    row.inSync(),
                    new TreeSet<>(Set.of(nodes)),
                    row.primary(),
                    row.epoch(),
                    row.version(),
                    row.idCeiling()));
        }

        RowDraft led(NodeId primary, int epoch) {
            return new RowDraft(new PartitionRow(
                    row.partition(),
                    row.replicas(),
                    row.inSync(),
                    row.eligible(),
                    Optional.of(primary),
                    new Epoch(epoch),
                    row.version(),
                    row.idCeiling()));
        }

        RowDraft ceiling(long idCeiling) {
            return new RowDraft(new PartitionRow(
                    row.partition(),
                    row.replicas(),
                    row.inSync(),
                    row.eligible(),
                    row.primary(),
                    row.epoch(),
                    row.version(),
                    idCeiling));
        }

        RowDraft replicas(NodeId... nodes) {
            return new RowDraft(new PartitionRow(
                    row.partition(),
                    List.of(nodes),
                    row.inSync(),
                    row.eligible(),
                    row.primary(),
                    row.epoch(),
                    row.version(),
                    row.idCeiling()));
        }

        /** By {@code proposer} in its first session, as the next version. */
        ClusterCommand.ChangeRow by(NodeId proposer, NodeId... named) {
            return new ClusterCommand.ChangeRow(new RowChange(
                    new PartitionRow(
                            row.partition(),
                            row.replicas(),
                            row.inSync(),
                            row.eligible(),
                            row.primary(),
                            row.epoch(),
                            new RowVersion(row.version().value() + 1),
                            row.idCeiling()),
                    proposer,
                    S1,
                    sessions(named)));
        }
    }
}
