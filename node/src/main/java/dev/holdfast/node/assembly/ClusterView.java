package dev.holdfast.node.assembly;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Cluster;
import dev.holdfast.node.cluster.ClusterReplicas;
import dev.holdfast.node.cluster.membership.ClusterMembership;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.node.routing.KeyPartition;
import dev.holdfast.node.service.NodeContext;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.stream.IntStream;

/** The cluster as one of its members sees it. */
final class ClusterView implements Cluster {

    private final NodeContext context;
    private final ClusterMembership membership;
    private final ClusterReplicas replicas;

    ClusterView(NodeContext context, ClusterMembership membership, ClusterReplicas replicas) {
        this.context = context;
        this.membership = membership;
        this.replicas = replicas;
    }

    @Override
    public List<Member> members() {
        return membership.members();
    }

    @Override
    public Member localMember() {
        return members().stream()
                .filter(Member::local)
                .findFirst()
                .orElseGet(() -> new Member( // removed, and about to notice it
                        context.nodeName(),
                        membership.self().diskId(),
                        membership.address().toString(),
                        true));
    }

    @Override
    public List<Partition> partitions() {
        return IntStream.range(0, context.partitions().size())
                .mapToObj(this::view)
                .toList();
    }

    @Override
    public Partition partitionOf(String executorName, Object key) {
        requireNonNull(executorName, "executorName");
        byte[] encoded = context.codec().encodeKey(requireNonNull(key, "key"));
        return view(KeyPartition.of(encoded, context.partitions().size()).value());
    }

    private Partition view(int partition) {
        Owner owner = replicas.of(new PartitionId(partition));
        if (owner instanceof Owner.Local local) {
            String problem = local.partition().problem();
            return new Partition(partition, context.nodeName(), problem == null, problem);
        }
        return owner instanceof Owner.Remote other
                ? new Partition(partition, other.node(), true, null)
                : new Partition(partition, "", false, ((Owner.None) owner).why());
    }
}
