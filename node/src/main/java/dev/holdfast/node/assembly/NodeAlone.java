package dev.holdfast.node.assembly;

import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.AdminFailure.Reason;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.admin.LiveTasks;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.service.NodeContext;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * A node without others, as a cluster of one: it has every partition, and there is nothing to order.
 *
 * @param id of its disk
 */
record NodeAlone(NodeContext context, String id, long session) implements NodeInside.InCluster {

    @Override
    public ClusterReport report() {
        ClusterReport.Node self =
                new ClusterReport.Node(id, context.nodeName(), "", false, true, "", session, true, 0, false, null);
        List<ClusterReport.Copies> partitions = context.partitions().stream()
                .map(partition -> new ClusterReport.Copies(
                        partition.id().value(), id, 0, List.of(id), List.of(id), List.of(), partition.problem()))
                .toList();
        return new ClusterReport(
                context.config().getClusterName(), "", id, null, 1, 1, List.of(self), partitions, List.of());
    }

    @Override
    public SortedSet<String> executors() {
        return Collections.emptySortedSet();
    }

    @Override
    public String order(ClusterOrder order) {
        throw new AdminFailure(
                Reason.REFUSED,
                "The node is in no cluster: node=" + context.nodeName()
                        + "; this is for members, which are started with network.enabled=true");
    }

    @Override
    public Optional<LogEnd> writtenEnd(PartitionId partition) {
        return LiveTasks.writtenEnd(context.partitions().get(partition.value()));
    }
}
