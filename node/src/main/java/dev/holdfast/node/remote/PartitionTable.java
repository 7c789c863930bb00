package dev.holdfast.node.remote;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * Members and who leads what, as one member sees them.
 *
 * @param version grows with every change, the same on all members
 * @param cluster name of the cluster
 * @param members those that are there
 * @param leaders by the number of the partition; an empty text where nobody leads it
 * @param copies by the number of the partition: members that have all that is committed
 */
public record PartitionTable(
        long version, String cluster, List<Node> members, List<String> leaders, List<Integer> copies) {

    /** A member. */
    public record Node(NodeId id, String name, PeerAddress address) {}

    public PartitionTable {
        members = List.copyOf(members);
        leaders = List.copyOf(leaders);
        copies = List.copyOf(copies);
    }

    /** Of partitions with a copy each. */
    public PartitionTable(long version, String cluster, List<Node> members, List<String> leaders) {
        this(
                version,
                cluster,
                members,
                leaders,
                leaders.stream().map(leader -> 1).toList());
    }

    /** Who leads {@code partition}; empty if nobody does. */
    public Optional<NodeId> leader(PartitionId partition) {
        String leader = partition.value() < leaders.size() ? leaders.get(partition.value()) : "";
        return leader.isEmpty() ? Optional.empty() : Optional.of(new NodeId(leader));
    }

    /** The member of that number; empty if it is none. */
    public Optional<Node> member(NodeId id) {
        return members.stream().filter(member -> member.id().equals(id)).findFirst();
    }

    static void write(WireWriter out, PartitionTable table) {
        out.i64(table.version).text(table.cluster).i32(table.members.size());
        for (Node member : table.members) {
            out.text(member.id().diskId())
                    .text(member.name())
                    .text(member.address().toString());
        }
        out.i32(table.leaders.size());
        table.leaders.forEach(out::text);
        out.i32(table.copies.size());
        table.copies.forEach(out::i32);
    }

    static PartitionTable read(WireReader in) {
        return new PartitionTable(
                in.i64(),
                in.requiredText(),
                in.list(member -> new Node(
                        new NodeId(member.requiredText()),
                        member.requiredText(),
                        PeerAddress.parse(member.requiredText()))),
                in.list(WireReader::requiredText),
                in.list(WireReader::i32));
    }
}
