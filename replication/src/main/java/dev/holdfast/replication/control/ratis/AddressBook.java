package dev.holdfast.replication.control.ratis;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.Member;
import dev.holdfast.replication.control.MemberDetails;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Tells the transport where members are, whenever the table says something new. It stands before the transport, too: the
 * configuration of the group has the addresses of when a node was taken in, and so counts for whom the table does not name
 * only. Thread-safe.
 */
final class AddressBook implements ControlTransport {

    private final ControlTransport transport;

    /** Under the lock of this. */
    private final Map<NodeId, MemberDetails> told = new HashMap<>();

    AddressBook(ControlTransport transport) {
        this.transport = transport;
    }

    synchronized void follow(ClusterState state) {
        told.keySet().retainAll(state.members().keySet());
        for (Member member : state.members().values()) {
            if (!member.details().equals(told.put(member.id(), member.details()))) {
                transport.learn(member.id(), member.details().addresses());
            }
        }
    }

    /** What the group's configuration says. */
    @Override
    public synchronized void learn(NodeId peer, List<NodeAddress> addresses) {
        if (!told.containsKey(peer)) {
            transport.learn(peer, addresses);
        }
    }

    @Override
    public CompletionStage<byte[]> request(NodeId peer, byte[] request, Duration deadline) {
        return transport.request(peer, request, deadline);
    }

    @Override
    public void answerWith(@Nullable Handler handler) {
        transport.answerWith(handler);
    }
}
