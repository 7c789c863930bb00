package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.wire.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One peer: its outbox, and the connection of the moment, if there is one. What is not said to be for any thread is the loop's. */
final class Link {

    private final Peer peer;
    private final Engine engine;
    private final EventLoop loop;
    private final Connector connector;
    private final Outbox outbox;
    private final CompletableFuture<Void> allEnded = new CompletableFuture<>();

    private volatile @Nullable Identity remote;
    private volatile boolean closed;
    private @Nullable Dialed current;

    Link(Peer peer, Engine engine, EventLoop loop) {
        this.peer = peer;
        this.engine = engine;
        this.loop = loop;
        this.outbox = new Outbox(peer, engine, loop, this::drain, this::cancel);
        this.connector = new Connector(this, peer, engine, loop);
        loop.execute(connector::connect);
    }

    /** Any thread. */
    Outbox outbox() {
        return outbox;
    }

    /** Any thread. */
    Optional<Identity> remote() {
        return Optional.ofNullable(remote);
    }

    /** Writes what waits, as much as the connection takes, and flushes once. */
    void drain() {
        outbox.draining();
        Dialed connection = current;
        if (connection == null || !connection.isAdmitted()) {
            return;
        }
        boolean wrote = false;
        while (connection.channel().isWritable()) {
            ByteBuf next = outbox.poll();
            if (next == null) {
                break;
            }
            engine.write(connection.channel(), next);
            wrote = true;
        }
        if (wrote) {
            connection.channel().flush();
        }
        for (MessageKind kind : outbox.takeRelieved()) {
            engine.tell(listener -> listener.writable(peer, kind));
        }
        if (closed && connection.channel().isWritable()) {
            connection.closeWhenWritten();
        }
    }

    /** Tells the other side, unless that is another one by now, which does not mind. */
    private void cancel(long correlation) {
        Dialed connection = current;
        if (connection != null && connection.isAdmitted()) {
            engine.write(connection.channel(), FrameWriter.frame(FrameType.CANCEL, 0, correlation, Body.EMPTY));
            connection.channel().flush();
        }
    }

    /** An attempt begins. */
    void attempting() {
        outbox.open();
    }

    /** An attempt, or a connection, has ended. */
    void notConnected(String why) {
        outbox.lose(why);
    }

    void admitted(Dialed connection, Identity who, int theirMaxFrameBytes) {
        if (closed) {
            connection.close("disconnected");
            return;
        }
        current = connection;
        remote = who;
        outbox.limitFrames(theirMaxFrameBytes);
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
        notConnected(why);
        if (who != null) {
            engine.tell(listener -> listener.lost(peer, who, why));
        } else if (!connection.wasRefused()) {
            engine.tell(listener -> listener.unreachable(peer, why));
        }
        connector.ended(who != null);
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
        outbox.refuseAll();
        loop.execute(() -> {
            outbox.forgetAnswers(why);
            connector.stop(why, gracefully);
            if (gracefully && current != null) {
                drain();
            } else {
                notConnected(why);
                allEnded.complete(null);
            }
        });
        return allEnded;
    }
}
