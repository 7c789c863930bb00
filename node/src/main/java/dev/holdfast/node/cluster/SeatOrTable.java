package dev.holdfast.node.cluster;

import dev.holdfast.node.remote.Owner;
import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.storage.log.PartitionId;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who answers for a partition: this node while it leads and its lease is in force, else whom the table names. A primary that was
 * replaced and could not step down yet, because its disk stands still, keeps nobody waiting. Any thread.
 */
final class SeatOrTable {

    private final NodeId self;
    private final Function<NodeId, Optional<PeerAddress>> addresses;

    /** @param addresses where a member listens, as far as it is known */
    SeatOrTable(NodeId self, Function<NodeId, Optional<PeerAddress>> addresses) {
        this.self = self;
        this.addresses = addresses;
    }

    /** @param here the partition's place on this node; null before there is one */
    Owner of(PartitionId partition, @Nullable ReplicaSeat here, ClusterState state) {
        Owner.Local local = here == null ? null : here.owner();
        if (here != null && local != null && here.mayAnswer()) {
            return local;
        }
        PartitionRow row = state.row(partition);
        NodeId primary = row == null ? null : row.primary().orElse(null);
        Member member = primary == null ? null : state.member(primary);
        if (member == null || member.id().equals(self)) {
            return new Owner.None(local == null ? problem(here, member) : "this node leads it, and its lease is out");
        }
        Optional<PeerAddress> address = addresses.apply(member.id());
        return address.isEmpty()
                ? new Owner.None("it is not known where its primary is: " + member.name())
                : new Owner.Remote(Peer.of(member.id(), address.get(), Role.PEER), member.name());
    }

    private static String problem(@Nullable ReplicaSeat here, @Nullable Member primary) {
        String problem = here == null ? null : here.problem();
        if (problem != null) {
            return problem;
        }
        return primary == null ? "nobody leads it" : "this node is about to lead it";
    }
}
