package dev.holdfast.node.remote;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Hands on what a member asks of another one that it does not reach itself: calls, awaits and queries, under the same name, and their
 * answers. What is handed on is not handed on again. Thread-safe.
 */
public final class Relay {

    private static final List<MessageKind> CARRIED = List.of(Kinds.CALL, Kinds.AWAIT, Kinds.QUERY);

    private final Transport transport;
    private final Function<NodeId, Optional<PeerAddress>> addresses;

    private Relay(Transport transport, Function<NodeId, Optional<PeerAddress>> addresses) {
        this.transport = transport;
        this.addresses = addresses;
    }

    /**
     * Hands on from here on.
     *
     * @param inbound of {@code transport}
     * @param addresses where another member listens, as far as it is known
     */
    public static void open(Inbound inbound, Transport transport, Function<NodeId, Optional<PeerAddress>> addresses) {
        Relay relay = new Relay(transport, addresses);
        inbound.onRequest(Kinds.RELAY, (from, body, timeLeft) -> relay.handOn(body, timeLeft));
    }

    private CompletableFuture<Body> handOn(ByteBuffer body, Duration timeLeft) {
        Relayed relayed;
        try {
            relayed = WireReader.read(body, Relayed::read);
        } catch (MalformedMessageException e) {
            return CompletableFuture.completedFuture(Relayed.failed(Outcome.REFUSED, String.valueOf(e.getMessage())));
        }
        Optional<MessageKind> kind =
                CARRIED.stream().filter(each -> each.code() == relayed.kind()).findFirst();
        Optional<PeerAddress> address = addresses.apply(relayed.target());
        if (kind.isEmpty() || address.isEmpty()) {
            return CompletableFuture.completedFuture(Relayed.failed(
                    Outcome.REFUSED,
                    "Not handed on: target=" + relayed.target() + ", address=" + address + ", kind=" + relayed.kind()
                            + ", kinds=" + CARRIED));
        }
        Peer peer = Peer.of(relayed.target(), address.get(), Role.PEER);
        CompletableFuture<Body> answer = new CompletableFuture<>();
        var unused = transport
                .request(peer, kind.get(), Body.of(relayed.request()), timeLeft)
                .whenComplete((bytes, failure) -> answer.complete(
                        failure == null ? Relayed.answered(bytes) : Relayed.failed(outcome(failure), "" + failure)));
        return answer;
    }

    private static Outcome outcome(Throwable failure) {
        return failure instanceof RequestFailedException failed ? failed.outcome() : Outcome.FAILED;
    }
}
