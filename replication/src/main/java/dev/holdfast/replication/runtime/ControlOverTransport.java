package dev.holdfast.replication.runtime;

import dev.holdfast.replication.control.ControlTransport;
import dev.holdfast.replication.control.NodeAddress;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The control plane's requests over the node's own transport and port, on connections for CONTROL. Any thread. */
public final class ControlOverTransport implements ControlTransport {

    /** Requests of the control plane and their answers. */
    public static final MessageKind CONTROL_PLANE =
            MessageKind.of(22, "control-plane", Role.CONTROL).withQueue(1_024, 4L * MAX_BYTES);

    private final Transport transport;
    private final Map<NodeId, PeerAddress> addresses = new ConcurrentHashMap<>();
    private volatile @Nullable Handler handler;

    /** @param inbound of {@code transport} */
    public ControlOverTransport(Transport transport, Inbound inbound) {
        this.transport = transport;
        inbound.onRequest(CONTROL_PLANE, (from, body, timeLeft) -> answer(from, body));
    }

    /** Where a node listens, as far as the control plane has told. */
    public @Nullable PeerAddress addressOf(NodeId node) {
        return addresses.get(node);
    }

    @Override
    public CompletionStage<byte[]> request(NodeId peer, byte[] request, Duration deadline) {
        PeerAddress address = addresses.get(peer);
        if (address == null || request.length > MAX_BYTES) {
            return CompletableFuture.failedFuture(new RequestFailedException(
                    RequestFailedException.Outcome.NOT_SENT,
                    "A request of the control plane can not be sent: peer=" + peer + ", address=" + address + ", bytes="
                            + request.length + " of at most " + MAX_BYTES));
        }
        return transport
                .request(Peer.of(peer, address, Role.CONTROL), CONTROL_PLANE, Body.of(request), deadline)
                .thenApply(ControlOverTransport::bytes);
    }

    /** The first address counts. */
    @Override
    public void learn(NodeId peer, List<NodeAddress> told) {
        if (!told.isEmpty()) {
            NodeAddress first = told.get(0);
            addresses.put(peer, new PeerAddress(first.host(), first.port()));
        }
    }

    @Override
    public void answerWith(@Nullable Handler next) {
        handler = next;
    }

    private CompletionStage<Body> answer(Caller from, ByteBuffer body) {
        Handler answering = handler;
        if (answering == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("Nobody answers for the control plane yet; ask again"));
        }
        return answering.answer(from.identity().node(), bytes(body)).thenApply(Body::of);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
