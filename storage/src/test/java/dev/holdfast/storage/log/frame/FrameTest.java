package dev.holdfast.storage.log.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final PartitionId PARTITION = new PartitionId(7);
    private static final int BODY_LENGTH = 40;
    private static final int LENGTH = Frame.HEADER + BODY_LENGTH;

    /** Whoever looks for whole frames behind a hole knows nothing of their neighbours: only the checksum speaks of the place. */
    @Test
    void aFrameIsNoneInAnotherPlaceOfTheLog() throws IOException {
        byte[] content = document();
        assertThat(foundIn(content)).isZero();
        for (int at = Frame.DOCUMENT_HEADER + Frame.PARTITION; at < Frame.DOCUMENT_HEADER + Frame.HEADER; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] elsewhere = content.clone();
                elsewhere[at] ^= (byte) (1 << bit);
                assertThat(foundIn(elsewhere)).as("byte=%s, bit=%s", at, bit).isEqualTo(-1);
            }
        }
    }

    private static byte[] document() {
        ByteBuffer buffer = ByteBuffer.allocate(Frame.DOCUMENT_HEADER + LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(0, LENGTH);
        for (int i = 0; i < BODY_LENGTH; i++) {
            buffer.put(Frame.DOCUMENT_HEADER + Frame.HEADER + i, (byte) i);
        }
        Frame.Header header = new Frame.Header(RecordType.CANCELLED, PARTITION, BODY_LENGTH, BODY_LENGTH, 3, 1_000);
        long unused = Frame.seal(buffer, Frame.DOCUMENT_HEADER, header, 17, new CRC32C());
        return buffer.array();
    }

    private static long foundIn(byte[] content) throws IOException {
        return new FrameScan(new BytesSource(Path.of("a-frame"), content), PARTITION, 0).resync(0);
    }
}
