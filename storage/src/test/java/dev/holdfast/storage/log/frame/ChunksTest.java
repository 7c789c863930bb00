package dev.holdfast.storage.log.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Records in more than one frame, as a file may tell of them. */
class ChunksTest {

    private static final PartitionId PARTITION = new PartitionId(3);
    private static final int PART = 1_000;

    /** Otherwise a file of a kilobyte, or a message of another node, could take all memory there is. */
    @Test
    void noMoreMemoryIsTakenThanTheFileHasBytesWhateverLengthAChunkTells() throws IOException {
        ByteBuffer file = chunkOf(1 << 30, 2_000_000);
        FrameScan scan = new FrameScan(new BytesSource(Path.of("memory"), file.array()), PARTITION, 1);
        scan.continueAfter(0, RunningHash.EMPTY, 0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(scan.next()).isEqualTo(FrameScan.Step.END);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000_000);
        assertThat(scan.position()).as("the chunk is valid, its run has no end").isEqualTo(1);
        assertThat(scan.wholeEnd().lsn().value()).isZero();
    }

    /** A file with the first chunk of a record, as a process that died at that moment leaves it. */
    private static ByteBuffer chunkOf(int length, int count) {
        int body = FrameBuilder.CHUNK_HEADER + PART;
        ByteBuffer file = ByteBuffer.allocate((int) Frame.documentBytes(Frame.HEADER + body) + 64)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0, Frame.HEADER + body);
        int chunk = Frame.DOCUMENT_HEADER + Frame.HEADER;
        file.putInt(chunk, RecordType.SUBMITTED.code()).putInt(chunk + 8, count).putInt(chunk + 16, length);
        Frame.Header header = new Frame.Header(RecordType.CHUNK, PARTITION, body, 0, 1, 1);
        Frame.seal(file, Frame.DOCUMENT_HEADER, header, RunningHash.EMPTY, new CRC32C());
        return file;
    }
}
