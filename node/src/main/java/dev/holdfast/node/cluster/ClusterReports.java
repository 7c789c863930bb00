package dev.holdfast.node.cluster;

import dev.holdfast.config.Config;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Founding;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tells the control table to people. */
public final class ClusterReports {

    private ClusterReports() {}

    /**
     * What {@code state} says.
     *
     * @param self who tells
     * @param leader of the control plane, as far as it is known
     * @param used executors that are used here, registered or not
     * @param stopped why a member has stopped; null of every other one
     * @param seen whether a member is there, as far as this one can tell; one that has stopped is not
     * @param problems why a partition that is led here, or is nowhere but here, refuses; null of every other one
     */
    public static ClusterReport of(
            String clusterName,
            ClusterState state,
            NodeId self,
            Optional<NodeId> leader,
            Set<String> used,
            Function<Member, @Nullable String> stopped,
            Predicate<Member> seen,
            Function<PartitionId, @Nullable String> problems) {
        return new ClusterReport(
                clusterName,
                state.founding().map(Founding::clusterUuid).orElse(""),
                self.diskId(),
                leader.map(NodeId::diskId).orElse(null),
                state.minInSync(),
                state.wantedCopies(),
                state.members().values().stream()
                        .map(member -> member(member, stopped.apply(member), seen.test(member)))
                        .sorted(Comparator.comparing(ClusterReport.Node::name))
                        .toList(),
                state.rows().values().stream()
                        .map(row -> copies(row, problems.apply(row.partition())))
                        .toList(),
                executors(state, used));
    }

    /** Without the one that stands for others, unless it is used. */
    private static List<String> executors(ClusterState state, Set<String> used) {
        SortedSet<String> names = new TreeSet<>(state.executors().keySet());
        names.remove(Config.DEFAULT_NAME);
        names.addAll(used);
        return List.copyOf(names);
    }

    private static ClusterReport.Node member(Member member, @Nullable String stopped, boolean seen) {
        return new ClusterReport.Node(
                member.id().diskId(),
                member.name(),
                member.details().addresses().get(0).toString(),
                member.role().votes(),
                member.role().holdsReplicas(),
                member.details().zone(),
                member.session().value(),
                stopped == null && seen,
                member.presence().sinceMillis(),
                member.leaving(),
                stopped);
    }

    private static ClusterReport.Copies copies(PartitionRow row, @Nullable String problem) {
        return new ClusterReport.Copies(
                row.partition().value(),
                row.primary().map(NodeId::diskId).orElse(""),
                row.epoch().value(),
                ids(row.replicas()),
                ids(row.inSync()),
                ids(row.eligible()),
                problem);
    }

    private static List<String> ids(Collection<NodeId> nodes) {
        return nodes.stream().map(NodeId::diskId).toList();
    }
}
