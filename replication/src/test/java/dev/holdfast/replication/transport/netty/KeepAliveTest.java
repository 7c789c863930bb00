package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Admission;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is there and who is not, when little or nothing comes. */
@ExtendWith(LeakCheck.class)
class KeepAliveTest extends TransportFixture {

    /** More keep-alives than either side waits in silence. */
    private static final int MANY = 6;

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    private static TransportSettings hasty() {
        TransportSettings.Times times = settings().times();
        return settings()
                .withTimes(new TransportSettings.Times(
                        times.connect(),
                        times.handshake(),
                        Duration.ofMillis(300),
                        times.backoff(),
                        times.closeGrace()));
    }

    private TestNode hastyNode() {
        return node(identity("hasty", 1), hasty(), Admission.OF_ALL);
    }

    private static WildConnection admitted(TestNode node) throws Exception {
        Identity somebody = identity("somebody", 1);
        return new WildConnection(node.transport.address().orElseThrow()).admitted(somebody);
    }

    private static FrameType nextType(WildConnection wild) throws Exception {
        return Frame.knownType(wild.read().orElseThrow());
    }

    @Test
    void aLargeFrameThatComesSlowlyIsNoSilenceAndItsSenderHearsThatWeAreThere() throws Exception {
        TestNode node = hastyNode();
        Queue<Integer> sizes = new ConcurrentLinkedQueue<>();
        node.inbound.onMessage(NOTE, (from, body) -> sizes.add(body.remaining()));
        byte[] large = WildConnection.frame(FrameType.MESSAGE, NOTE.code(), 0, Body.of(new byte[1000]));
        try (WildConnection wild = admitted(node)) {
            for (int i = 0; i < MANY; i++) {
                wild.write(large, i, 1);
                assertThat(nextType(wild)).isEqualTo(FrameType.PONG);
            }
            wild.write(large, MANY, large.length - MANY);
            await().untilAsserted(() -> assertThat(sizes).containsExactly(1000));
        }
    }

    @Test
    void anAnswerThatComesSlowlyIsNoSilence() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Peer peer = Peer.at(new PeerAddress("127.0.0.1", server.getLocalPort()), Role.PEER);
            TestNode node = hastyNode();
            CompletionStage<ByteBuffer> answer = node.transport.request(peer, QUESTION, text("?"), LONG);
            try (WildConnection wild = new WildConnection(server.accept())) {
                assertThat(nextType(wild)).isEqualTo(FrameType.HELLO);
                wild.write(WildConnection.welcome(identity("slow", 1)));
                ByteBuffer request = wild.read().orElseThrow();
                byte[] frame = WildConnection.frame(
                        FrameType.ANSWER, 0, Frame.correlation(request), text("slowly but surely"));
                for (int i = 0; i < MANY; i++) {
                    wild.write(frame, i, 1);
                    assertThat(nextType(wild)).isEqualTo(FrameType.PING);
                }
                wild.write(frame, MANY, frame.length - MANY);
                assertThat(answerOf(answer)).isEqualTo("slowly but surely");
            }
            assertThat(node.events.count("lost")).isZero();
        }
    }

    @Test
    void aClientMayWaitForItsAnswerAsLongAsBothAreThere() throws Exception {
        TestNode node = hastyNode();
        CompletableFuture<Body> held = new CompletableFuture<>();
        node.inbound.onRequest(QUESTION, (from, body, timeLeft) -> held);
        Identity self = new Identity(Optional.empty(), Role.CLIENT, new NodeId("client-1"), 0, "client");
        TestNode client = node(self, hasty(), Admission.OF_ALL);
        CompletionStage<ByteBuffer> answer =
                client.transport.request(node.as(Role.CLIENT), QUESTION, text("?"), Duration.ofDays(400));
        long atFirst = client.transport.stats().framesReceived();
        await().until(() -> client.transport.stats().framesReceived() >= atFirst + 1 + MANY); // WELCOME and PONGs
        held.complete(text("done"));
        assertThat(answerOf(answer)).isEqualTo("done");
        assertThat(client.events.count("lost")).isZero();
    }

    @Test
    void whoIsNotReadByAHandlerIsNotTakenForGone() throws Exception {
        TestNode node = hastyNode();
        node.inbound.onMessage(NOTE, (from, body) -> from.pause());
        try (WildConnection wild = admitted(node)) {
            wild.write(WildConnection.frame(FrameType.MESSAGE, NOTE.code(), 0, text("stop")));
            for (int i = 0; i < MANY; i++) {
                assertThat(nextType(wild)).isEqualTo(FrameType.PONG);
            }
        }
    }

    @Test
    void whoAsksAndTakesNoAnswerIsTakenForGone() throws Exception {
        TestNode node = hastyNode();
        node.inbound.onRequest(QUESTION, (from, body, timeLeft) -> reply("z".repeat(MAX_FRAME / 2)));
        byte[] ask = WildConnection.frame(FrameType.REQUEST, QUESTION.code(), 1, Body.of(new byte[4]));
        try (WildConnection wild = admitted(node)) {
            for (int i = 0; i < 100; i++) {
                wild.write(ask);
            }
            awaitEvent(node, "ended somebody");
        }
    }

    @Test
    void noneOfItsOwnThreadsClosesATransport() throws Exception {
        TestNode node = hastyNode();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        node.inbound.onMessage(NOTE, (from, body) -> {
            try {
                node.transport.close();
                closed.complete(null);
            } catch (IllegalStateException e) {
                closed.completeExceptionally(e);
            }
        });
        try (WildConnection wild = admitted(node)) {
            wild.write(WildConnection.frame(FrameType.MESSAGE, NOTE.code(), 0, text("close")));
            assertThatThrownBy(closed::join)
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("own threads")
                    .hasMessageContaining("holdfast-net-");
            assertThat(node.transport
                            .send(node.as(Role.PEER), NOTE, text("not closed"))
                            .isQueued())
                    .isTrue();
        }
    }
}
