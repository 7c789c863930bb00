package dev.holdfast.replication.transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Carries bytes to peers, and answers back. Nothing here blocks or throws because of the network, and nothing that waits is
 * unbounded: what has no room is dropped, and said to be; the protocol sends it again.
 *
 * <p>The first use of a peer connects to it, and the connection is kept up, with growing pauses between attempts, until
 * {@link #disconnect}. What is sent during an attempt waits for its outcome; between attempts it is dropped at once. A message
 * arrives at most once; of one kind to one peer they arrive in order, with gaps at most where a connection was lost.
 *
 * <p>Any thread. What completes, and handlers and listeners, run on the transport's threads and must not block them.
 */
public interface Transport extends AutoCloseable {

    /** Where it listens, with the real port; empty if it does not listen. */
    Optional<PeerAddress> address();

    /** Connects, if it is not connected yet, without sending anything. */
    void connect(Peer peer);

    /** Ends the connection, drops what waits, and forgets the peer. */
    void disconnect(Peer peer);

    /** Who answers there at the moment. */
    Optional<Identity> connected(Peer peer);

    /** Sends one way. Never blocks, never throws. */
    SendResult send(Peer peer, MessageKind kind, Body body);

    /**
     * Asks. Never blocks, never throws.
     *
     * @param timeout from now, with the wait for a connection and in the queue; kept within 20 ms. The other side is told all
     *     of it, in milliseconds, at most 2<sup>31</sup> - 1 of them, 24 days: its clock begins when it reads the request.
     * @return the answer, big endian, the receiver's own; or a {@link RequestFailedException}. A {@code CompletableFuture}:
     *     cancelling it gives the answer up, makes room for another request, and has the other side told.
     */
    CompletionStage<ByteBuffer> request(Peer peer, MessageKind kind, Body body, Duration timeout);

    /** What it did so far. */
    TransportStats stats();

    /**
     * Refuses what is new, writes what waits for {@link TransportSettings.Times#closeGrace()} at most, fails what is not answered,
     * ends its threads. Idempotent.
     *
     * @throws IllegalStateException on one of its threads, handlers and listeners included: it would wait for itself
     */
    @Override
    void close();
}
