package dev.holdfast.replication.transport.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final int LIMIT = 1000;

    private static ByteBuffer frame(FrameType type, int kind, long correlation, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES + bytes.length);
        frame.put(Frame.HEADER_BYTES, bytes);
        Frame.seal(frame, type, kind, correlation);
        return frame;
    }

    /** As docs/wire-protocol.md shows it; a change of it is a change of the protocol. */
    @Test
    void theBytesAreThoseOfTheDocument() {
        assertThat(HexFormat.ofDelimiter(" ")
                        .formatHex(frame(FrameType.REQUEST, 11, 7, "hello").array()))
                .isEqualTo(GOLDEN);
    }

    private static final String GOLDEN =
            "00 00 00 19 48 46 01 05 0b 00 00 00 00 00 00 00 00 07 f1 c1 02 fa 7a d4 68 65 6c 6c 6f";

    @Test
    void whatWasSealedIsAcceptedAnywhereInABuffer() throws Exception {
        ByteBuffer frame = frame(FrameType.MESSAGE, 255, -1, "body");
        ByteBuffer larger = ByteBuffer.allocate(100).position(13);
        larger.put(frame.duplicate()).flip().position(13);
        assertThat(Frame.totalBytes(larger, LIMIT)).isEqualTo(28);
        Frame.verify(larger);
        assertThat(Frame.knownType(larger)).isEqualTo(FrameType.MESSAGE);
        assertThat(Frame.kind(larger)).isEqualTo(255);
        assertThat(Frame.correlation(larger)).isEqualTo(-1);
        assertThat(larger.position()).isEqualTo(13);
        assertThat(larger.limit()).isEqualTo(41);
    }

    @Test
    void aFlippedBitIsNoticedAndOneInTheHeaderWithoutTheBody() throws Exception {
        ByteBuffer good = frame(FrameType.MESSAGE, 10, 3, "0123456789");
        for (int bit = 0; bit < good.capacity() * 8; bit++) {
            ByteBuffer bad = ByteBuffer.wrap(good.array().clone());
            bad.put(bit / 8, (byte) (bad.get(bit / 8) ^ (1 << (bit % 8))));
            if (bit < 20 * 8) {
                assertThatThrownBy(() -> Frame.totalBytes(bad, LIMIT)).isInstanceOf(BadFrameException.class);
            } else {
                Frame.totalBytes(bad, LIMIT);
                assertThatThrownBy(() -> Frame.verify(bad)).isInstanceOf(BadFrameException.class);
            }
        }
    }

    @Test
    void theLimitCountsTheHeader() throws Exception {
        ByteBuffer frame = frame(FrameType.MESSAGE, 10, 0, "x".repeat(76));
        assertThat(Frame.totalBytes(frame, 100)).isEqualTo(100);
        assertThatThrownBy(() -> Frame.totalBytes(frame, 99))
                .hasMessageContaining("bytes=100")
                .hasMessageContaining("network.max-frame");
    }

    @Test
    void somethingElseOnThePortIsSaidToBe() {
        ByteBuffer http = ByteBuffer.wrap("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        assertThatThrownBy(() -> Frame.totalBytes(http, LIMIT)).hasMessageContaining("Not a frame of Holdfast");
    }

    @Test
    void codesAreFoundAgain() {
        for (FrameType type : FrameType.values()) {
            assertThat(FrameType.ofCode(type.code())).contains(type);
        }
        assertThat(FrameType.ofCode(0)).isEmpty();
        assertThat(FrameType.ofCode(FrameType.values().length + 1)).isEmpty();
        for (FailureCode code : FailureCode.values()) {
            assertThat(FailureCode.ofCode(code.code())).isEqualTo(code);
        }
    }
}
