package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.SendResult;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.OutboundQueue;
import dev.holdfast.replication.transport.wire.PendingRequests;
import dev.holdfast.replication.transport.wire.PendingRequests.Pending;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes to one peer: its queue, its unanswered requests, and the connection of the moment, if there is one. */
final class Link {

    private static final Logger log = LoggerFactory.getLogger(Link.class);

    private final Peer peer;
    private final Engine engine;
    private final EventLoop loop;
    private final Connector connector;
    private final Deadlines deadlines;
    private final PendingRequests pending;
    private final OutboundQueue<Outgoing> queue = new OutboundQueue<>(Outgoing::sizeBytes, this::discard);
    private final Runnable drain = this::drain;
    private final AtomicBoolean drainIsDue = new AtomicBoolean();
    private final CompletableFuture<Void> allEnded = new CompletableFuture<>();

    private volatile @Nullable Identity remote;
    private volatile boolean closed;
    /** Of the loop only. */
    private @Nullable Dialed current;

    private volatile long maxFrameBytes;
    private volatile String whyNot = "not connected yet";

    Link(Peer peer, Engine engine, EventLoop loop) {
        this.peer = peer;
        this.engine = engine;
        this.loop = loop;
        this.maxFrameBytes = engine.settings.limits().maxFrameBytes();
        this.pending = new PendingRequests(engine.settings.limits().maxOutstanding());
        this.deadlines = new Deadlines(engine, loop, pending, "peer=" + peer);
        this.connector = new Connector(this, peer, engine, loop);
        queue.open();
        loop.execute(connector::connect);
    }

    Optional<Identity> remote() {
        return Optional.ofNullable(remote);
    }

    SendResult send(MessageKind kind, Body body) {
        SendResult refused = glance(FrameType.MESSAGE, kind, body);
        if (refused != SendResult.QUEUED) {
            return dropped(refused);
        }
        ByteBuf frame;
        try {
            frame = FrameWriter.frame(FrameType.MESSAGE, kind.code(), 0, body);
        } catch (RuntimeException e) {
            log.error("A message could not be encoded and was dropped: kind={}, peer={}", kind, peer, e);
            return dropped(SendResult.NOT_ENCODED);
        }
        return offer(kind, new Outgoing(frame, null));
    }

    CompletionStage<ByteBuffer> request(MessageKind kind, Body body, Duration timeout) {
        SendResult refused = glance(FrameType.REQUEST, kind, body);
        if (refused != SendResult.QUEUED) {
            return notSent(kind, dropped(refused));
        }
        long deadlineNanos = engine.nanoTime() + timeout.toNanos();
        Pending request = pending.open(deadlineNanos);
        if (request == null) {
            return CompletableFuture.failedFuture(new RequestFailedException(
                    Outcome.NOT_SENT,
                    "Too many requests without an answer: peer=" + peer + ", network.max-outstanding="
                            + engine.settings.limits().maxOutstanding() + "; wait for some"));
        }
        try {
            ByteBuf frame = FrameWriter.request(kind.code(), request.correlation(), body, timeout.toMillis());
            SendResult result = offer(kind, new Outgoing(frame, request));
            if (result.isQueued()) {
                deadlines.include(deadlineNanos);
            } else {
                pending.fail(request, Outcome.NOT_SENT, why(kind, result));
            }
        } catch (RuntimeException e) {
            log.error("A request could not be encoded and was dropped: kind={}, peer={}", kind, peer, e);
            pending.fail(request, Outcome.NOT_SENT, why(kind, SendResult.NOT_ENCODED));
        }
        return request.answer();
    }

    private SendResult glance(FrameType type, MessageKind kind, Body body) {
        if (closed) {
            return SendResult.CLOSED;
        }
        if (!kind.roles().contains(peer.role())) {
            return SendResult.NOT_ALLOWED;
        }
        long bytes = FrameWriter.totalBytes(type, body.sizeBytes());
        return bytes > maxFrameBytes ? SendResult.TOO_LARGE : queue.glance(kind, (int) bytes);
    }

    private SendResult offer(MessageKind kind, Outgoing outgoing) {
        SendResult result = queue.offer(kind, outgoing);
        if (!result.isQueued()) {
            outgoing.frame().release();
            return dropped(closed ? SendResult.CLOSED : result);
        }
        if (!drainIsDue.get() && drainIsDue.compareAndSet(false, true)) {
            loop.execute(drain);
        }
        return result;
    }

    private SendResult dropped(SendResult result) {
        engine.counters.dropped.increment();
        return result;
    }

    private CompletionStage<ByteBuffer> notSent(MessageKind kind, SendResult result) {
        return CompletableFuture.failedFuture(new RequestFailedException(Outcome.NOT_SENT, why(kind, result)));
    }

    private String why(MessageKind kind, SendResult result) {
        return "Not sent: peer=" + peer + ", kind=" + kind + ", result=" + result
                + (result == SendResult.NOT_CONNECTED ? ", cause=" + whyNot : "") + "; " + result.remedy();
    }

    private void discard(Outgoing outgoing) {
        engine.counters.dropped.increment();
        outgoing.frame().release();
        Pending request = outgoing.request();
        if (request != null) {
            pending.fail(request, Outcome.NOT_SENT, "Not sent: peer=" + peer + ", cause=" + whyNot + "; send it again");
        }
    }

    /** Writes what waits, as much as the connection takes, and flushes once. On the loop. */
    void drain() {
        drainIsDue.set(false);
        Dialed connection = current;
        if (connection == null || !connection.isAdmitted()) {
            return;
        }
        boolean wrote = false;
        while (connection.channel().isWritable()) {
            Outgoing next = queue.poll();
            if (next == null) {
                break;
            }
            wrote |= write(connection, next);
        }
        if (wrote) {
            connection.channel().flush();
        }
        for (MessageKind kind : queue.takeRelieved()) {
            engine.tell(listener -> listener.writable(peer, kind));
        }
        if (closed && connection.channel().isWritable()) {
            connection.closeWhenWritten();
        }
    }

    private boolean write(Dialed connection, Outgoing next) {
        Pending request = next.request();
        boolean tooLate = request != null && request.answer().isDone();
        if (tooLate || next.sizeBytes() > maxFrameBytes) {
            discard(next);
            return false;
        }
        if (request != null) {
            request.markSent();
        }
        engine.write(connection.channel(), next.frame());
        return true;
    }

    void answered(long correlation, ByteBuffer body) {
        Pending request = pending.take(correlation);
        if (request != null) {
            ByteBuffer copy = ByteBuffer.allocate(body.remaining()).put(body).flip();
            request.answer().complete(copy);
        }
    }

    void failed(long correlation, ByteBuffer body) {
        Pending request = pending.take(correlation);
        if (request != null) {
            Failures.complete(request, peer, body);
        }
    }

    /** An attempt begins, or ends with {@code why}. On the loop. */
    void attempting(boolean begins, String why) {
        whyNot = why;
        if (begins && !closed) {
            queue.open();
        } else {
            queue.close();
            pending.failAll("Connection lost: peer=" + peer + ", cause=" + why);
        }
    }

    void admitted(Dialed connection, Identity who, int theirMaxFrameBytes) {
        if (closed) {
            connection.close("disconnected");
            return;
        }
        current = connection;
        remote = who;
        maxFrameBytes = theirMaxFrameBytes;
        connector.connected(who);
        engine.counters.connections.increment();
        engine.tell(listener -> listener.connected(peer, who));
        drain();
    }

    void refused(Refusal refusal) {
        engine.tell(listener -> listener.refused(peer, refusal));
    }

    void ended(Dialed connection, String why) {
        Identity who = current == connection ? remote : null;
        if (who != null) {
            current = null;
            remote = null;
        }
        attempting(false, why);
        if (who != null) {
            engine.tell(listener -> listener.lost(peer, who, why));
        } else if (!connection.wasRefused()) {
            engine.tell(listener -> listener.unreachable(peer, why));
        }
        connector.ended(who != null, why);
        if (closed) {
            allEnded.complete(null);
        }
    }

    /** Any thread: ends a connection to a process whose disk {@code seen} uses now. */
    void endIfOlderThan(Identity seen) {
        loop.execute(() -> {
            Identity who = remote;
            Dialed connection = current;
            if (connection != null && who != null && who.node().equals(seen.node()) && who.session() < seen.session()) {
                connection.close("a newer process uses the same disk: session=" + seen.session());
            }
        });
    }

    /**
     * Any thread. Gracefully: what waits still goes out, for a while; nobody waits for answers.
     *
     * @return completed when the connection has ended
     */
    CompletableFuture<Void> close(String why, boolean gracefully) {
        closed = true;
        loop.execute(() -> {
            pending.failAll("Closed: peer=" + peer + ", cause=" + why);
            connector.stop(why, gracefully);
            if (gracefully && current != null) {
                drain();
            } else {
                attempting(false, why);
                allEnded.complete(null);
            }
        });
        return allEnded;
    }
}
