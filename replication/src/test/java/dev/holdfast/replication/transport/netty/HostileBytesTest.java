package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.Admission;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes that are not, or not any more, what a node of ours would send. */
@ExtendWith(LeakCheck.class)
class HostileBytesTest extends TransportFixture {

    private static final long SEED = 20261128;

    private final Queue<String> delivered = new ConcurrentLinkedQueue<>();
    private TestNode node;

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    @BeforeEach
    void startNode() {
        node = node("node");
        node.inbound.onMessage(NOTE, (from, body) -> delivered.add(text(body)));
    }

    private static Identity somebody() {
        return identity("somebody", 1);
    }

    private WildConnection connection() throws Exception {
        return new WildConnection(node.transport.address().orElseThrow());
    }

    private static byte[] note(String text) {
        return WildConnection.frame(FrameType.MESSAGE, NOTE.code(), 0, text(text));
    }

    @Test
    void aFlippedBitAnywhereEndsTheConnectionAndNothingIsDelivered() throws Exception {
        byte[] good = note("0123456789");
        for (int bit = 0; bit < good.length * 8; bit++) {
            try (WildConnection wild = connection().admitted(somebody())) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << (bit % 8));
                wild.write(bad);
                wild.awaitEnd();
            }
        }
        assertThat(delivered).isEmpty();
        assertThat(node.transport.stats().damaged()).isEqualTo(good.length * 8L);
    }

    @Test
    void aStrangersFrameHasOneLimitAndAMembersAnother() throws Exception {
        byte[] large = note("x".repeat(100_000));
        try (WildConnection stranger = connection()) {
            stranger.write(large, 0, Frame.HEADER_BYTES);
            stranger.awaitEnd();
        }
        try (WildConnection member = connection().admitted(somebody())) {
            member.write(large);
            await().until(() -> delivered.size() == 1);
            byte[] tooLarge = note("y".repeat(MAX_FRAME));
            member.write(tooLarge, 0, Frame.HEADER_BYTES);
            member.awaitEnd();
        }
        assertThat(delivered).hasSize(1);
    }

    @Test
    void aFrameMayComeInAnyPieces() throws Exception {
        byte[] two = new byte[2 * note("0123456789").length];
        byte[] one = note("0123456789");
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        for (int cut = 1; cut < two.length; cut++) {
            try (WildConnection wild = connection().admitted(somebody())) {
                wild.write(two, 0, cut);
                wild.write(two, cut, two.length - cut);
                int expected = 2 * cut;
                await().until(() -> delivered.size() == expected);
            }
        }
        assertThat(delivered).containsOnly("0123456789");
    }

    @Test
    void halfAFrameBeforeTheEndIsNothing() throws Exception {
        byte[] one = note("0123456789");
        for (int cut = 0; cut < one.length; cut++) {
            try (WildConnection wild = connection().admitted(somebody())) {
                wild.write(one, 0, cut);
                wild.endOutput();
                wild.awaitEnd();
            }
        }
        assertThat(delivered).isEmpty();
    }

    @Test
    void whoDoesNotGreetFirstIsToldWhatIsExpected() throws Exception {
        try (WildConnection wild = connection()) {
            wild.write(note("without a greeting"));
            Refusal refusal = wild.readRefusal();
            assertThat(refusal.code()).isEqualTo(Refusal.Code.MALFORMED);
            wild.awaitEnd();
        }
        assertThat(delivered).isEmpty();
    }

    @Test
    void aRoleOfAnotherTimeIsRefusedInWords() throws Exception {
        byte[] hello = WildConnection.hello(somebody());
        hello[Frame.HEADER_BYTES + 4] = 77;
        Frame.seal(ByteBuffer.wrap(hello), FrameType.HELLO, 0, 0);
        try (WildConnection wild = connection()) {
            wild.write(hello);
            Refusal refusal = wild.readRefusal();
            assertThat(refusal.code()).isEqualTo(Refusal.Code.UNKNOWN_ROLE);
            assertThat(refusal.message()).contains("role=77", "known here are PEER(1)");
        }
    }

    @Test
    void framesOutOfPlaceEndTheConnection() throws Exception {
        for (FrameType type : new FrameType[] {
            FrameType.HELLO, FrameType.WELCOME, FrameType.REFUSAL, FrameType.ANSWER, FrameType.FAILURE, FrameType.PONG
        }) {
            try (WildConnection wild = connection().admitted(somebody())) {
                wild.write(WildConnection.frame(type, 0, 0, text("x")));
                wild.awaitEnd();
            }
        }
        try (WildConnection wild = connection().admitted(somebody())) {
            wild.write(WildConnection.frame(FrameType.REQUEST, QUESTION.code(), 1, Body.EMPTY));
            wild.awaitEnd();
        }
    }

    @Test
    void whoSaysNothingIsNotWaitedForLong() throws Exception {
        TransportSettings hasty = settings()
                .withTimes(new TransportSettings.Times(
                        Duration.ofSeconds(1),
                        Duration.ofMillis(50),
                        Duration.ofMillis(50),
                        settings().times().backoff(),
                        Duration.ofSeconds(1)));
        TestNode impatient = node(identity("impatient", 1), hasty, Admission.OF_ALL);
        try (WildConnection silent =
                new WildConnection(impatient.transport.address().orElseThrow())) {
            silent.awaitEnd();
        }
        try (WildConnection admitted =
                new WildConnection(impatient.transport.address().orElseThrow())) {
            admitted.admitted(somebody()).awaitEnd();
        }
    }

    @Test
    void strangersAreCounted() throws Exception {
        TransportSettings.Limits few = new TransportSettings.Limits(MAX_FRAME, 10, 10, 10, 2, MAX_FRAME);
        TestNode busy = node(identity("busy", 1), settings().withLimits(few), Admission.OF_ALL);
        try (WildConnection first = new WildConnection(busy.transport.address().orElseThrow());
                WildConnection second =
                        new WildConnection(busy.transport.address().orElseThrow())) {
            try (WildConnection third =
                    new WildConnection(busy.transport.address().orElseThrow())) {
                third.awaitEnd();
            }
            first.admitted(somebody());
            second.admitted(somebody());
        }
    }

    @Test
    void anAdmissionThatFailsLateIsNoStrangerForEver() throws Exception {
        ConnectionListener failing = new ConnectionListener() {
            @Override
            public void newerSession(Identity known, Identity seen) {
                throw new AssertionError("on purpose: " + seen);
            }
        };
        TransportSettings.Limits one = new TransportSettings.Limits(MAX_FRAME, 10, 10, 10, 1, MAX_FRAME);
        try (Transport busy = NettyTransport.start(
                settings().withLimits(one), Surroundings.of(() -> identity("busy", 1), new Inbound(), failing))) {
            PeerAddress address = busy.address().orElseThrow();
            new WildConnection(address).admitted(somebody()).close();
            try (WildConnection newer = new WildConnection(address)) {
                newer.write(WildConnection.hello(identity("somebody", 2)));
                newer.awaitEnd();
            }
            await().ignoreExceptions().untilAsserted(() -> {
                try (WildConnection next = new WildConnection(address)) {
                    assertThat(next.admitted(identity("another", 1))).isSameAs(next);
                }
            });
        }
    }

    @Test
    void whatCancelsNothingIsNoMistake() throws Exception {
        try (WildConnection wild = connection().admitted(somebody())) {
            wild.write(WildConnection.frame(FrameType.CANCEL, 0, 77, Body.EMPTY));
            wild.write(note("goes on"));
            await().until(() -> delivered.contains("goes on"));
        }
    }

    @Test
    void whoAsksAndDoesNotReadIsNotServedForEver() throws Exception {
        node.inbound.onRequest(QUESTION, (from, body, timeLeft) -> reply("z".repeat(MAX_FRAME / 2)));
        byte[] ask = WildConnection.frame(FrameType.REQUEST, QUESTION.code(), 1, Body.of(new byte[4]));
        try (WildConnection wild = connection().admitted(somebody())) {
            for (int i = 0; i < 200; i++) {
                wild.write(ask);
            }
            // Its answers wait: no more requests are read than what fits the buffers, and everybody else is served.
            TestNode other = node("other");
            other.inbound.onRequest(QUESTION, (from, body, timeLeft) -> reply("x"));
            assertThat(answerOf(node.transport.request(other.as(Role.PEER), QUESTION, text("?"), LONG)))
                    .isEqualTo("x");
        }
    }

    @Test
    void noiseHarmsNobody() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 300; round++) {
            try (WildConnection wild = connection()) {
                if (random.nextBoolean()) {
                    wild.admitted(somebody());
                }
                wild.write(noise(random));
                wild.endOutput();
                wild.awaitEnd();
            }
        }
        assertThat(delivered).as("seed=" + SEED).isEmpty();
        try (WildConnection wild = connection().admitted(somebody())) {
            wild.write(note("still here"));
            await().alias("seed=" + SEED).until(() -> delivered.contains("still here"));
        }
    }

    /** Random bytes, or a frame with its checksums right and its content wrong, or a good one with something changed. */
    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[Frame.HEADER_BYTES + random.nextInt(200)];
        random.nextBytes(bytes);
        if (random.nextInt(3) > 0) {
            FrameType[] types = {FrameType.HELLO, FrameType.WELCOME, FrameType.REQUEST, FrameType.ANSWER, FrameType.PING
            };
            Frame.seal(
                    ByteBuffer.wrap(bytes),
                    types[random.nextInt(types.length)],
                    random.nextInt(256),
                    random.nextLong());
        }
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return bytes;
    }
}
