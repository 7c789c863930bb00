package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.Greeting;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import dev.holdfast.replication.transport.wire.Sessions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of a transport share. Any thread. */
final class Engine {

    private static final Logger log = LoggerFactory.getLogger(NettyTransport.class);

    final TransportSettings settings;
    final Surroundings surroundings;
    final Loops loops;
    final Names names = new Names();
    final Optional<Tls> tls;
    final Sessions sessions = new Sessions();
    final Counters counters = new Counters();

    private final Consumer<Identity> onNewerSession;

    /** @param onNewerSession told who takes the place of an older session, so that its connections end */
    Engine(TransportSettings settings, Surroundings surroundings, Consumer<Identity> onNewerSession) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.onNewerSession = onNewerSession;
        this.tls = settings.tls().map(files -> new Tls(files, settings.times().handshake()));
        this.loops = new Loops(settings.loops(), settings.nativeIo());
        var unused = sessions.observe(self(Role.PEER));
    }

    Identity self(Role role) {
        return surroundings.self().get().as(role);
    }

    long nanoTime() {
        return surroundings.nanoClock().getAsLong();
    }

    /** Whether what is said to {@code address} is safe from others, or nobody minds. */
    boolean allows(InetAddress address) {
        return tls.isPresent() || settings.insecure() || address.isLoopbackAddress();
    }

    ByteBuf greeting(FrameType type, TransportSettings.Versions versions, Identity self) {
        Body body = HandshakeCodec.encode(
                new Greeting(versions, self, settings.limits().maxFrameBytes()));
        return FrameWriter.frame(type, 0, 0, body);
    }

    /** Notes that {@code seen} is there; an older process on its disk is gone. */
    void observe(Identity seen) {
        sessions.observe(seen).ifPresent(known -> {
            tell(listener -> listener.newerSession(known, seen));
            onNewerSession.accept(seen);
        });
    }

    /** Calls the listener; what it throws is its own affair. */
    void tell(Consumer<ConnectionListener> event) {
        try {
            event.accept(surroundings.listener());
        } catch (RuntimeException e) {
            log.error("A listener to connections failed; the connections go on", e);
        }
    }

    /** Writes, without anybody being told how that went: a failure ends the connection. */
    void write(Channel channel, ByteBuf frame) {
        counters.framesSent.increment();
        var unused = channel.write(frame, channel.voidPromise());
    }

    /** Has {@code work} done by the connection's thread, once, after so long. */
    static void later(Channel channel, long delayNanos, Runnable work) {
        var unused = channel.eventLoop().schedule(work, delayNanos, TimeUnit.NANOSECONDS);
    }

    void close() {
        names.close();
        loops.close();
    }
}
