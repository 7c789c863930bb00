package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.FailureCode;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import dev.holdfast.replication.transport.wire.HandshakeCodec;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody answers at the address who says what no node of ours would. */
@ExtendWith(LeakCheck.class)
class FalseServerTest extends TransportFixture {

    private ServerSocket server;
    private Peer peer;
    private TestNode a;

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    @BeforeEach
    void listen() throws Exception {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        peer = Peer.at(new PeerAddress("127.0.0.1", server.getLocalPort()), Role.PEER);
        a = node("a");
    }

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    /** The next who connects, after its greeting. */
    private WildConnection accept() throws Exception {
        WildConnection wild = new WildConnection(server.accept());
        assertThat(wild.read().map(Frame::knownType)).contains(FrameType.HELLO);
        return wild;
    }

    @Test
    void whoHasNotWelcomedUsAnswersNothing() throws Exception {
        isNotTaken(WildConnection.frame(FrameType.ANSWER, 0, 1, text("made up")));
    }

    @Test
    void whoHasNotWelcomedUsFailsNothing() throws Exception {
        isNotTaken(WildConnection.frame(FrameType.FAILURE, 0, 1, HandshakeCodec.encode(FailureCode.FAILED, "made up")));
    }

    @Test
    void whoHasNotWelcomedUsIsNotHeardByAPong() throws Exception {
        isNotTaken(WildConnection.frame(FrameType.PONG, 0, 0, Body.EMPTY));
    }

    private void isNotTaken(byte[] frame) throws Exception {
        CompletionStage<ByteBuffer> request = a.transport.request(peer, QUESTION, text("?"), LONG);
        try (WildConnection wild = accept()) {
            wild.write(frame);
            wild.awaitEnd();
        }
        RequestFailedException failure = failureOf(request);
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(failure).hasMessageContaining("before a WELCOME");
    }

    @Test
    void whoHasWelcomedUsRefusesNothing() throws Exception {
        a.transport.connect(peer);
        byte[] refusal = WildConnection.frame(
                FrameType.REFUSAL, 0, 0, HandshakeCodec.encode(new Refusal(Refusal.Code.STALE_SESSION, "made up")));
        try (WildConnection wild = accept()) {
            wild.write(WildConnection.welcome(identity("b", 1)));
            awaitEvent(a, "connected b");
            wild.write(refusal);
            wild.awaitEnd();
        }
        awaitEvent(a, "lost b session=1 a REFUSAL after the WELCOME");
        assertThat(a.events.refusals).isEmpty();
    }
}
