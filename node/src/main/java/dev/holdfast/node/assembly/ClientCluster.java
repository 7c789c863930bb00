package dev.holdfast.node.assembly;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Cluster;
import dev.holdfast.node.remote.Owner;
import dev.holdfast.node.remote.PartitionTable;
import dev.holdfast.node.remote.TableKeeper;
import dev.holdfast.node.routing.KeyPartition;
import dev.holdfast.node.service.NodeContext;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The cluster as a client's partition table has it. */
final class ClientCluster implements Cluster {

    private final NodeContext context;
    private final TableKeeper keeper;
    private final Member self;

    ClientCluster(NodeContext context, TableKeeper keeper, String id) {
        this.context = context;
        this.keeper = keeper;
        this.self = new Member(context.nodeName(), id, null, true);
    }

    @Override
    public List<Member> members() {
        return keeper.table().map(PartitionTable::members).orElse(List.of()).stream()
                .map(node -> new Member(
                        node.name(), node.id().diskId(), node.address().toString(), false))
                .toList();
    }

    /** The client itself, which is none of the {@link #members}. */
    @Override
    public Member localMember() {
        return self;
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
        Owner owner = keeper.of(new PartitionId(partition));
        Optional<String> leader = owner instanceof Owner.Remote other ? Optional.of(other.node()) : Optional.empty();
        String problem = owner instanceof Owner.None none ? none.why() : null;
        return new Partition(partition, leader.orElse(""), leader.isPresent(), problem);
    }
}
