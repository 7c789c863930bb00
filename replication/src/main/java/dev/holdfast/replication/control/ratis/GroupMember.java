package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import java.util.List;

/**
 * A member of the group that keeps the log.
 *
 * @param addresses where it may be found, for members that have not heard of it
 * @param votes whether it has a vote, or only listens
 */
public record GroupMember(NodeId node, List<NodeAddress> addresses, boolean votes) {

    public GroupMember {
        addresses = List.copyOf(addresses);
    }

    static GroupMember of(Member member) {
        return new GroupMember(
                member.id(), member.details().addresses(), member.role().votes());
    }
}
