package dev.holdfast.node.assembly;

import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.cluster.ClusterReplicas;
import dev.holdfast.node.cluster.ClusterReports;
import dev.holdfast.node.cluster.membership.ClusterMembership;
import dev.holdfast.node.remote.ClusterInquiry;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.StoppedMembers;
import dev.holdfast.replication.control.Member;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A node in its cluster, for those who look into it from outside. */
record NodeAsMember(
        String clusterName,
        ClusterMembership membership,
        ClusterReplicas replicas,
        NodeState state,
        StoppedMembers stopped)
        implements NodeInside.InCluster {

    /** How long others may take to say which executors they have. */
    private static final Duration OTHERS = Duration.ofSeconds(2);

    @Override
    public ClusterReport report() {
        return ClusterReports.of(
                clusterName,
                membership.state(),
                membership.self(),
                membership.leader(),
                used(),
                this::whyStopped,
                membership::isSeen,
                partition -> replicas.problem(partition).orElse(null));
    }

    private @Nullable String whyStopped(Member member) {
        return member.id().equals(membership.self())
                ? state.whyFailed()
                : stopped.why(member.id(), member.session().value());
    }

    private Set<String> used() {
        return replicas.serving().stream()
                .flatMap(partition -> partition.executors().stream())
                .collect(Collectors.toSet());
    }

    @Override
    public SortedSet<String> executors() {
        return ClusterInquiry.executors(membership.transport(), report(), OTHERS);
    }

    @Override
    public String order(ClusterOrder order) {
        return new MemberOrders(
                        membership, partition -> replicas.refusing(partition).isPresent())
                .carryOut(order);
    }

    @Override
    public Optional<LogEnd> writtenEnd(PartitionId partition) {
        return replicas.end(partition);
    }
}
