package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.protocol.NodeId;
import java.util.HashMap;
import java.util.Map;

/** Tells the transport where members are, whenever the table says something new. Belongs to the thread that applies. */
final class AddressBook {

    private final ControlTransport transport;
    private final Map<NodeId, MemberDetails> told = new HashMap<>();

    AddressBook(ControlTransport transport) {
        this.transport = transport;
    }

    void follow(ClusterState state) {
        told.keySet().retainAll(state.members().keySet());
        for (Member member : state.members().values()) {
            if (!member.details().equals(told.put(member.id(), member.details()))) {
                transport.learn(member.id(), member.details().addresses());
            }
        }
    }
}
