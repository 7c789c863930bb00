package dev.holdfast.testkit;

import dev.holdfast.Cluster;
import dev.holdfast.node.assembly.ClusterNode;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether one member sees a cluster in which everything is served, with the copies that are wanted. */
final class Health {

    private Health() {}

    /** @param expected the names of the members that should be there, and no others */
    static List<String> problems(ClusterNode node, SortedSet<String> expected) {
        ClusterState state = node.membership().state();
        List<String> problems = new ArrayList<>();
        SortedSet<String> seen = node.membership().members().stream()
                .map(Cluster.Member::name)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!seen.equals(expected)) {
            problems.add(node.getName() + " sees the members " + seen + " instead of " + expected);
        }
        int takers = (int) state.members().values().stream()
                .filter(member -> member.takesReplicas() && expected.contains(member.name()))
                .count();
        int wanted = Math.max(1, Math.min(state.wantedCopies(), takers));
        List<Cluster.Partition> partitions = node.getCluster().partitions();
        for (PartitionRow row : state.rows().values()) {
            long copies = row.inSync().stream()
                    .filter(holder -> expected.contains(name(state, holder)))
                    .count();
            Cluster.Partition partition = partitions.get(row.partition().value());
            if (copies < wanted) {
                problems.add(node.getName() + " knows of partition " + row.partition() + ": in sync=" + copies
                        + ", wanted=" + wanted + ", replicas=" + names(state, row.replicas()));
            }
            if (!partition.serving() || !expected.contains(partition.primary())) {
                problems.add(node.getName() + " knows of partition " + row.partition() + ": primary="
                        + partition.primary() + ", problem=" + partition.problem());
            }
        }
        if (state.rows().isEmpty()) {
            problems.add(node.getName() + " knows no partition");
        }
        return problems;
    }

    private static List<String> names(ClusterState state, List<NodeId> nodes) {
        return nodes.stream().map(node -> name(state, node)).toList();
    }

    private static String name(ClusterState state, NodeId node) {
        Member member = state.member(node);
        return member == null ? node.diskId() : member.name();
    }
}
