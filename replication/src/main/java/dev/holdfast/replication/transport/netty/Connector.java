package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects a {@link Link}, again and again. All on the link's loop.
 *
 * <pre>
 * WAITING    -- time is over, or at once after a connection that had lasted -->    CONNECTING
 * CONNECTING -- admitted -->                                                       CONNECTED
 * CONNECTING -- no route, refused by the system or by either side, no answer -->   WAITING
 * CONNECTED  -- the connection ends -->                                            WAITING
 * any        -- {@link #stop} -->                                                  STOPPED
 * </pre>
 */
final class Connector {

    static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    /** A connection that ends sooner counts as another failure, so that a peer that admits and dies is not hammered. */
    private static final long LASTING_NANOS = Duration.ofSeconds(1).toNanos();

    private enum State {
        WAITING,
        CONNECTING,
        CONNECTED,
        STOPPED
    }

    private final Link link;
    private final Peer peer;
    private final Engine engine;
    private final EventLoop loop;

    private State state = State.WAITING;
    /** Attempts in a row that led to nothing lasting; with none, the next is made at once. */
    private int failures = 1;

    private long connectedAtNanos;
    private @Nullable Identity last;
    private boolean lastIsKnownGone;
    private @Nullable Dialed dialed;
    private @Nullable ScheduledFuture<?> nextAttempt;

    Connector(Link link, Peer peer, Engine engine, EventLoop loop) {
        this.link = link;
        this.peer = peer;
        this.engine = engine;
        this.loop = loop;
    }

    void connect() {
        if (state != State.WAITING) {
            return;
        }
        state = State.CONNECTING;
        link.attempting();
        PeerAddress target = engine.surroundings.route().apply(peer.address());
        engine.names.lookUp(target.host(), (address, failure) -> loop.execute(() -> found(target, address, failure)));
    }

    private void found(PeerAddress target, @Nullable InetAddress address, @Nullable Exception failure) {
        if (state != State.CONNECTING) {
            return;
        }
        if (address == null) {
            failed("unknown host: address=" + peer.address() + ", cause=" + failure);
        } else if (!engine.allows(address)) {
            link.notConnected("no TLS");
            link.refused(Insecure.refusal(peer.address()));
            waitForNext();
        } else {
            open(new InetSocketAddress(address, target.port()));
        }
    }

    private void open(InetSocketAddress address) {
        ChannelFuture attempt = new Bootstrap()
                .group(loop)
                .channel(engine.loops.channel())
                .option(ChannelOption.ALLOCATOR, FrameWriter.ALLOCATOR)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(engine.settings.times().connect().toMillis()))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        dialed = new Dialed(link, peer, engine, channel);
                        dialed.install();
                    }
                })
                .connect(address);
        attempt.addListener(done -> {
            if (!done.isSuccess()) {
                connectFailed(done.cause());
            } else if (state == State.STOPPED && dialed != null) {
                dialed.close("disconnected");
            }
        });
    }

    private void connectFailed(@Nullable Throwable cause) {
        Identity known = last;
        if (state != State.STOPPED && isRefusal(cause) && known != null && !lastIsKnownGone) {
            lastIsKnownGone = true;
            engine.tell(listener -> listener.gone(peer, known));
        }
        failed("could not connect: address=" + peer.address() + ", cause="
                + (cause == null ? "none" : cause.getMessage()));
    }

    /** By the system at that address, which is up: not a time that was over, nor a route that is missing. */
    private static boolean isRefusal(@Nullable Throwable cause) {
        return cause instanceof ConnectException
                && !(cause instanceof ConnectTimeoutException)
                && String.valueOf(cause.getMessage()).contains("refused");
    }

    private void failed(String why) {
        if (state == State.STOPPED) {
            return;
        }
        link.notConnected(why);
        engine.tell(listener -> listener.unreachable(peer, why));
        waitForNext();
    }

    void connected(Identity remote) {
        state = State.CONNECTED;
        last = remote;
        lastIsKnownGone = false;
        connectedAtNanos = engine.nanoTime();
    }

    void ended(boolean wasConnected) {
        if (wasConnected && engine.nanoTime() - connectedAtNanos >= LASTING_NANOS) {
            failures = 0; // the next attempt is made at once: whether the process is gone is what everybody waits for
        }
        dialed = null;
        if (state != State.STOPPED) {
            waitForNext();
        }
    }

    private void waitForNext() {
        state = State.WAITING;
        Duration pause = engine.settings.times().backoff().before(failures, engine.surroundings.random());
        failures++;
        if (pause.isZero()) {
            connect();
        } else {
            nextAttempt = loop.schedule(this::connect, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** For ever. Ends the connection at once, or once everything written has left, for as long as that may take. */
    void stop(String why, boolean gracefully) {
        state = State.STOPPED;
        if (nextAttempt != null) {
            nextAttempt.cancel(false);
        }
        Dialed connection = dialed;
        if (connection == null) {
            return;
        }
        if (gracefully && connection.isAdmitted()) {
            Engine.later(
                    connection.channel(), engine.settings.times().closeGrace().toNanos(), () -> connection.close(why));
        } else {
            connection.close(why);
        }
    }
}
