package dev.holdfast.node.assembly;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Cluster;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.routing.KeyPartition;
import dev.holdfast.node.service.NodeContext;
import java.util.List;

/** A cluster of one node without an address. */
final class EmbeddedCluster implements Cluster {

    private final NodeContext context;
    private final Member self;

    EmbeddedCluster(NodeContext context, String id) {
        this.context = context;
        this.self = new Member(context.nodeName(), id, null, true);
    }

    @Override
    public List<Member> members() {
        return List.of(self);
    }

    @Override
    public Member localMember() {
        return self;
    }

    @Override
    public List<Partition> partitions() {
        return context.partitions().stream().map(this::view).toList();
    }

    @Override
    public Partition partitionOf(String executorName, Object key) {
        requireNonNull(executorName, "executorName");
        byte[] encoded = context.codec().encodeKey(requireNonNull(key, "key"));
        int partitions = context.partitions().size();
        return view(
                context.partitions().get(KeyPartition.of(encoded, partitions).value()));
    }

    private Partition view(PartitionAccess partition) {
        String problem = partition.problem();
        return new Partition(partition.id().value(), self.name(), problem == null, problem);
    }
}
