package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Admission;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.wire.BadFrameException;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.Greeting;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import dev.holdfast.replication.transport.wire.HandshakeRules;
import dev.holdfast.replication.transport.wire.RefusedException;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * One connection that we made: greets, is admitted or refused, then carries messages and requests out and answers in. Belongs
 * to its thread.
 */
final class Dialed extends ChannelInboundHandlerAdapter implements FrameReader.Sink {

    /** So many silences of the keep-alive's length, and nobody is there. */
    private static final int SILENCES = 3;

    private final Link link;
    private final Peer peer;
    private final Engine engine;
    private final Channel channel;
    private final FrameReader reader;

    private boolean admitted;
    private boolean ended;
    private boolean refused;
    private String reason = "the other side closed the connection";
    private final Silence silence = new Silence(SILENCES);

    Dialed(Link link, Peer peer, Engine engine, Channel channel) {
        this.link = link;
        this.peer = peer;
        this.engine = engine;
        this.channel = channel;
        this.reader = new FrameReader(this, silence, engine.counters);
    }

    /** Puts it into the channel's pipeline. */
    void install() {
        engine.tls.ifPresent(tls -> channel.pipeline().addLast(tls.client(channel, peer.address())));
        channel.pipeline().addLast(reader, this);
    }

    Channel channel() {
        return channel;
    }

    boolean isAdmitted() {
        return admitted && !ended;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        Engine.later(channel, engine.settings.times().handshake().toNanos(), () -> {
            if (!admitted) {
                close("no handshake in time: address=" + peer.address() + ", limit="
                        + engine.settings.times().handshake());
            }
        });
        if (engine.tls.isEmpty()) {
            greet();
        }
    }

    private void greet() {
        engine.write(channel, engine.greeting(FrameType.HELLO, engine.settings.versions(), engine.self(peer.role())));
        channel.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (tls.isSuccess()) {
                greet();
            } else if (channel.isActive()) {
                tlsFailed(tls.cause());
            }
        }
    }

    private void tlsFailed(Throwable cause) {
        refused(
                new Refusal(
                        Refusal.Code.TLS_FAILED,
                        "TLS failed: address=" + peer.address() + ", cause=" + cause.getMessage()
                                + "; both sides need TLS 1.3 and a certificate that the other trusts, and the server's has to name its host"));
    }

    @Override
    public void onFrame(FrameType type, int kind, long correlation, ByteBuffer body) {
        if (!admitted && type != FrameType.WELCOME && type != FrameType.REFUSAL) {
            close("a frame before a WELCOME: type=" + type);
            return;
        }
        switch (type) {
            case WELCOME -> welcome(body);
            case REFUSAL -> refusal(body);
            case ANSWER -> link.outbox().answered(correlation, body);
            case FAILURE -> link.outbox().failed(correlation, body);
            case PONG -> {}
            case HELLO, MESSAGE, REQUEST, PING, CANCEL ->
                close("a frame that only who connects may send: type=" + type);
        }
    }

    private void refusal(ByteBuffer body) {
        if (admitted) {
            close("a REFUSAL after the WELCOME");
        } else {
            refused(HandshakeCodec.decodeRefusal(body));
        }
    }

    private void welcome(ByteBuffer body) {
        if (admitted) {
            close("a second WELCOME");
            return;
        }
        try {
            Greeting theirs = HandshakeCodec.decode(body);
            HandshakeRules.version(engine.settings.versions(), theirs.versions(), "address=" + peer.address());
            HandshakeRules.checkExpected(peer, theirs.identity().node());
            HandshakeRules.check(
                    engine.self(peer.role()),
                    asNode(theirs),
                    engine.sessions,
                    Admission.OF_ALL,
                    Tls.principal(channel));
            admitted = true;
            reader.admit(engine.settings.limits().maxFrameBytes());
            tickLater();
            admit(theirs);
        } catch (RefusedException e) {
            refused(e.refusal());
        }
    }

    private void admit(Greeting theirs) {
        engine.observe(asNode(theirs));
        link.admitted(this, theirs.identity(), theirs.maxFrameBytes());
    }

    /** Whatever we connect as, who listens is a node, with a session that counts. */
    private static Identity asNode(Greeting theirs) {
        return theirs.identity().as(Role.PEER);
    }

    private void refused(Refusal refusal) {
        if (!ended) {
            refused = true;
            link.refused(refusal);
            close(refusal.message());
        }
    }

    boolean wasRefused() {
        return refused;
    }

    @Override
    public void onBadFrame(BadFrameException bad) {
        close(String.valueOf(bad.getMessage()));
    }

    private void tickLater() {
        Engine.later(channel, engine.settings.times().keepAlive().toNanos(), this::tick);
    }

    private void tick() {
        if (ended) {
            return;
        }
        if (silence.isTooLong()) {
            close("nothing was heard: address=" + peer.address() + ", silence="
                    + engine.settings.times().keepAlive().multipliedBy(SILENCES));
            return;
        }
        engine.write(channel, FrameWriter.frame(FrameType.PING, 0, 0, Body.EMPTY));
        channel.flush();
        tickLater();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            link.drain();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Who accepts looks at our certificate after we are through with theirs, and sends an alert.
        if (!admitted && cause.getCause() instanceof SSLException) {
            tlsFailed(cause.getCause());
        }
        close(String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        link.ended(this, reason);
    }

    /** On the connection's thread. */
    void close(String why) {
        if (!ended) {
            ended = true;
            reason = why;
            reader.end();
            var unused = channel.close();
        }
    }

    /** On the connection's thread. */
    void closeWhenWritten() {
        var unused = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> close("closed"));
    }
}
