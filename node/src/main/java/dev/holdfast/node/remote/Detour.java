package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.Transport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to a member: straight while there is one, else over another member that is reached. A connection that was lost is waited for first:
 * where the member has died somebody else leads before that. Thread-safe.
 */
final class Detour {

    private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Transport transport;
    private final Supplier<List<Peer>> others;
    /** When a request first came to nothing since the peer was seen to be connected. */
    private final Map<Peer, Long> failingSince = new ConcurrentHashMap<>();

    private final AtomicInteger turn = new AtomicInteger();

    /** @param others members that may be asked to hand on; none: nothing is handed on */
    Detour(Transport transport, Supplier<List<Peer>> others) {
        this.transport = transport;
        this.others = others;
    }

    /** As {@link Transport#request}. Whoever asks says so if it {@link #failed}. */
    CompletionStage<ByteBuffer> request(Peer peer, MessageKind kind, Body body, Duration timeout) {
        Peer over = failingSince.isEmpty() ? null : over(peer);
        return over == null || peer.expected().isEmpty()
                ? transport.request(peer, kind, body, timeout)
                : over(over, Relayed.write(peer.expected().get(), kind.code(), body), timeout);
    }

    private CompletionStage<ByteBuffer> over(Peer other, Body relayed, Duration timeout) {
        CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        var unused = transport.request(other, Kinds.RELAY, relayed, timeout).whenComplete((bytes, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(failure);
                return;
            }
            try {
                answer.complete(Relayed.answer(bytes));
            } catch (RequestFailedException | MalformedMessageException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /** Whether a request to {@code peer} would go anywhere now. */
    boolean reaches(Peer peer) {
        return transport.connected(peer).isPresent() || over(peer) != null;
    }

    /** Null: straight. */
    private @Nullable Peer over(Peer peer) {
        Long since = failingSince.get(peer);
        if (since == null) {
            return null;
        }
        if (transport.connected(peer).isPresent()) {
            failingSince.remove(peer);
            return null;
        }
        if (System.nanoTime() - since < PATIENCE_NANOS) {
            return null;
        }
        List<Peer> reached = others.get().stream()
                .filter(other ->
                        !other.equals(peer) && transport.connected(other).isPresent())
                .toList();
        return reached.isEmpty() ? null : reached.get(Math.floorMod(turn.getAndIncrement(), reached.size()));
    }

    /** A request to {@code peer} came to nothing; whether it went straight makes no difference. */
    void failed(Peer peer, Throwable failure) {
        if (failure instanceof RequestFailedException failed
                && (failed.outcome() == Outcome.NOT_SENT || failed.outcome() == Outcome.UNKNOWN)) {
            List<Peer> members = others.get();
            failingSince.keySet().retainAll(members);
            if (members.contains(peer)) {
                failingSince.putIfAbsent(peer, System.nanoTime());
            }
        }
    }
}
