package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.TransportSettings.Versions;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.Greeting;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import dev.holdfast.replication.transport.wire.HandshakeRules;
import dev.holdfast.replication.transport.wire.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides about who greets us, for all connections of a port. Any thread. */
final class Reception {

    private static final Logger log = LoggerFactory.getLogger(Reception.class);

    private final Engine engine;
    private final Throttle throttle;

    Reception(Engine engine) {
        this.engine = engine;
        this.throttle = new Throttle(engine::nanoTime);
    }

    /**
     * Who is admitted.
     *
     * @param self what we say of ourselves to them
     */
    record Guest(Greeting greeting, Optional<String> principal, Identity self, Versions spoken) {}

    Guest receive(FrameType type, ByteBuffer body, Channel channel) throws RefusedException {
        if (type != FrameType.HELLO) {
            throw new RefusedException(new Refusal(
                    Refusal.Code.MALFORMED, "Not a greeting: type=" + type + "; the first frame has to be a HELLO"));
        }
        Greeting theirs = HandshakeCodec.decode(body);
        Identity self = engine.self(theirs.identity().role());
        int version = HandshakeRules.version(
                engine.settings.versions(),
                theirs.versions(),
                "node-name=" + theirs.identity().name());
        Optional<String> principal = Tls.principal(channel);
        HandshakeRules.check(self, theirs.identity(), engine.sessions, engine.surroundings.admission(), principal);
        return new Guest(theirs, principal, self, new Versions(version, version));
    }

    ByteBuf welcome(Guest guest) {
        return engine.greeting(FrameType.WELCOME, guest.spoken(), guest.self());
    }

    /** Whether the log is to be told {@code what} about them. */
    boolean isNews(String what, Channel channel) {
        return throttle.isNews(what, channel);
    }

    /** What they are told; the log is told once a minute. */
    ByteBuf refusal(Refusal refusal, Channel channel) {
        if (throttle.isNews(refusal.code().name(), channel)) {
            log.warn(
                    "Refused a connection: from={}, code={}: {}",
                    channel.remoteAddress(),
                    refusal.code(),
                    refusal.message());
        }
        return FrameWriter.frame(FrameType.REFUSAL, 0, 0, HandshakeCodec.encode(refusal));
    }
}
