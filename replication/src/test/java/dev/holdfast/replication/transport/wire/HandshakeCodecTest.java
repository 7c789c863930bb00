package dev.holdfast.replication.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Refusal;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.TransportSettings.Versions;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HandshakeCodecTest {

    private static final Identity NODE = new Identity(
            Optional.of(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")),
            Role.PEER,
            new NodeId("d1"),
            7,
            "näh");

    private static ByteBuffer bytes(Body body) {
        ByteBuffer bytes = ByteBuffer.allocate(body.sizeBytes());
        body.writeTo(bytes);
        return bytes.flip();
    }

    /** As docs/wire-protocol.md draws it. */
    @Test
    void theBytesAreThoseOfTheDocument() {
        ByteBuffer body = bytes(HandshakeCodec.encode(new Greeting(new Versions(1, 2), NODE, 0x0200_0000)));
        assertThat(HexFormat.of().formatHex(body.array()))
                .isEqualTo("0001" + "0002" + "01" + "01" + "0000" + "00112233445566778899aabbccddeeff"
                        + "0000000000000007" + "02000000" + "0002" + "6431" + "0004" + "6ec3a468");
    }

    @Test
    void aGreetingIsReadAsItWasWrittenAndMayBeLongerOneDay() throws Exception {
        Identity joining = new Identity(Optional.empty(), Role.CONTROL, new NodeId("d"), 0, "");
        for (Identity identity : new Identity[] {NODE, joining}) {
            Greeting greeting = new Greeting(new Versions(1, 65_535), identity, 1 << 20);
            ByteBuffer body = bytes(HandshakeCodec.encode(greeting));
            assertThat(HandshakeCodec.decode(body)).isEqualTo(greeting);
            ByteBuffer longer = ByteBuffer.allocate(body.remaining() + 9).put(body.duplicate());
            assertThat(HandshakeCodec.decode(longer.rewind())).isEqualTo(greeting);
        }
    }

    @Test
    void aGreetingThatIsCutOrNoiseIsRefused() {
        ByteBuffer body = bytes(HandshakeCodec.encode(new Greeting(new Versions(1, 1), NODE, 1 << 20)));
        for (int length = 0; length < body.limit(); length++) {
            ByteBuffer cut = body.duplicate().limit(length);
            assertThatThrownBy(() -> HandshakeCodec.decode(cut)).isInstanceOf(RefusedException.class);
        }
        long seed = 20261130;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = body.array().clone();
            noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            try {
                HandshakeCodec.decode(ByteBuffer.wrap(noise));
            } catch (RefusedException e) {
                assertThat(e.refusal().message())
                        .as("seed=" + seed + ", round=" + i)
                        .isNotBlank();
            }
        }
    }

    @Test
    void whatIsSaidInWordsIsCutRatherThanTooLong() {
        Refusal refusal = new Refusal(Refusal.Code.WRONG_CLUSTER, "x".repeat(100_000));
        Refusal read = HandshakeCodec.decodeRefusal(bytes(HandshakeCodec.encode(refusal)));
        assertThat(read.code()).isEqualTo(Refusal.Code.WRONG_CLUSTER);
        assertThat(read.message()).hasSize(8 * 1024);
        assertThat(HandshakeCodec.decodeRefusal(ByteBuffer.allocate(3)).code()).isEqualTo(Refusal.Code.OTHER);
        assertThat(HandshakeCodec.failureMessage(ByteBuffer.wrap(new byte[] {0, 4, 9, 9, 'h', 'i'})))
                .isEqualTo("hi");
    }
}
