package dev.holdfast.node.assembly;

import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.cluster.ClusterReplicas;
import dev.holdfast.node.cluster.ClusterReports;
import dev.holdfast.node.cluster.membership.ClusterMembership;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.util.Optional;

/** A node in its cluster, for those who look into it from outside. */
record NodeAsMember(String clusterName, ClusterMembership membership, ClusterReplicas replicas)
        implements NodeInside.InCluster {

    @Override
    public ClusterReport report() {
        return ClusterReports.of(
                clusterName,
                membership.state(),
                membership.self(),
                membership.leader(),
                partition -> replicas.serving(partition)
                        .map(PartitionAccess::problem)
                        .orElse(null));
    }

    @Override
    public String order(ClusterOrder order) {
        return new MemberOrders(membership).carryOut(order);
    }

    @Override
    public Optional<LogEnd> committed(PartitionId partition) {
        return replicas.end(partition);
    }
}
