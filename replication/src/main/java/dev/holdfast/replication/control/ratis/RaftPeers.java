package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Members as Ratis names them. A peer's id is the disk id: a voter that lost its disk would otherwise come back under its
 * old id and could vote a second time in the same election. Its name may change with every start and is no part of it.
 */
final class RaftPeers {

    private static final String BETWEEN_ADDRESSES = ",";

    private RaftPeers() {}

    static RaftPeerId id(NodeId node) {
        return RaftPeerId.valueOf(node.diskId());
    }

    static NodeId node(RaftPeerId id) {
        return new NodeId(id.toString());
    }

    static RaftPeer peer(GroupMember member) {
        return RaftPeer.newBuilder()
                .setId(id(member.node()))
                .setAddress(member.addresses().stream()
                        .map(address -> address.host() + " " + address.port())
                        .collect(Collectors.joining(BETWEEN_ADDRESSES)))
                .setStartupRole(member.votes() ? RaftPeerRole.FOLLOWER : RaftPeerRole.LISTENER)
                .build();
    }

    static List<RaftPeer> peers(Collection<GroupMember> members) {
        return members.stream().map(RaftPeers::peer).toList();
    }

    /** Where the peer was said to be; empty if nobody said anything that can be understood. */
    static List<NodeAddress> addresses(RaftPeer peer) {
        List<NodeAddress> addresses = new ArrayList<>();
        String text = peer.getAddress();
        if (text == null || text.isEmpty()) {
            return addresses;
        }
        for (String each : text.split(BETWEEN_ADDRESSES, -1)) {
            int space = each.indexOf(' ');
            if (space > 0 && each.substring(space + 1).matches("[0-9]{1,5}")) {
                addresses.add(new NodeAddress(each.substring(0, space), Integer.parseInt(each.substring(space + 1))));
            }
        }
        return addresses;
    }
}
