package dev.holdfast.storage.log.frame;

import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;

/**
 * Frames encoded bodies, in one buffer that is used again. A body that does not fit one frame becomes a run of chunks,
 * each a frame with a position of its own:
 *
 * <pre>
 *   0  1  type of the whole record        8  4  count of chunks
 *   1  3  0                              12  4  length of the whole body's Wire part
 *   4  4  index of this chunk, from 0    16  4  length of the whole body
 *  20     this chunk's part of the body
 * </pre>
 *
 * <p>One thread at a time.
 */
public final class FrameBuilder {

    /** No frame is longer, whatever the configuration says: a reader refuses before it touches a byte. */
    public static final int MAX_FRAME = 512 * 1024;

    static final int CHUNK_HEADER = 20;

    private final PartitionId partition;
    private final int frameLimit;
    private final ByteBuffer buffer;
    private final Bytes<ByteBuffer> frame;
    private final CRC32C crc = new CRC32C();
    private long position;
    private long hash;

    /** @param frameLimit longest frame in bytes, header included; at most {@link #MAX_FRAME} */
    public FrameBuilder(PartitionId partition, int frameLimit) {
        if (frameLimit <= Frame.HEADER + CHUNK_HEADER || frameLimit > MAX_FRAME) {
            throw new IllegalArgumentException(
                    "Not a limit for frames: frameLimit=" + frameLimit + ", allowed are 69 to " + MAX_FRAME);
        }
        this.partition = partition;
        this.frameLimit = frameLimit;
        this.buffer = ByteBuffer.allocateDirect(frameLimit).order(ByteOrder.LITTLE_ENDIAN);
        this.frame = Bytes.wrapForRead(buffer);
        this.frame.singleThreadedCheckDisabled(true);
    }

    /** How many frames, and so positions, a body takes. */
    public int framesOf(int bodyLength) {
        return fitsOneFrame(bodyLength) ? 1 : (bodyLength + chunkPart() - 1) / chunkPart();
    }

    /** How many bytes of a file a body takes. */
    public long bytesOf(int bodyLength) {
        if (fitsOneFrame(bodyLength)) {
            return Frame.documentBytes(Frame.HEADER + bodyLength);
        }
        int full = bodyLength / chunkPart();
        int rest = bodyLength % chunkPart();
        return full * Frame.documentBytes(frameLimit)
                + (rest == 0 ? 0 : Frame.documentBytes(Frame.HEADER + CHUNK_HEADER + rest));
    }

    /** Goes on behind {@code lastPosition}, where the running hash is {@code hash}. */
    public void continueAfter(long lastPosition, long lastHash) {
        position = lastPosition;
        hash = lastHash;
    }

    /** Position of the frame built last. */
    public long position() {
        return position;
    }

    /** Running hash up to and including the frame built last. */
    public long hash() {
        return hash;
    }

    /**
     * Frames and appends one record, or item of a checkpoint, that has positions; {@code epoch} as {@link Frame} says.
     *
     * @return offset of its first frame's document
     */
    public long write(EncodedBatch batch, int index, long epoch, FrameFile file) throws IOException {
        int length = batch.bodyLength(index);
        if (!fitsOneFrame(length)) {
            return writeChunks(batch, index, epoch, file);
        }
        buffer.clear().position(Frame.HEADER);
        batch.copy(index, 0, length, buffer);
        position++;
        hash = seal(batch.type(index), length, batch.wireLength(index), epoch, position, hash);
        return hand(length, file);
    }

    /** Frames and appends one local record. */
    public void writeLocal(EncodedBatch batch, int index, long segment, long ordinal, FrameFile file)
            throws IOException {
        int length = batch.bodyLength(index);
        buffer.clear().position(Frame.HEADER);
        batch.copy(index, 0, length, buffer);
        seal(batch.type(index), length, batch.wireLength(index), segment, ordinal, 0);
        hand(length, file);
    }

    private long writeChunks(EncodedBatch batch, int index, long epoch, FrameFile file) throws IOException {
        int length = batch.bodyLength(index);
        int count = framesOf(length);
        long offset = 0;
        RecordType whole = batch.type(index);
        RecordType chunk = whole.kind() == RecordType.Kind.CHECKPOINT ? RecordType.CHECKPOINT_CHUNK : RecordType.CHUNK;
        for (int i = 0; i < count; i++) {
            int from = i * chunkPart();
            int part = Math.min(chunkPart(), length - from);
            buffer.clear().position(Frame.HEADER);
            buffer.putInt(whole.code())
                    .putInt(i)
                    .putInt(count)
                    .putInt(batch.wireLength(index))
                    .putInt(length);
            batch.copy(index, from, part, buffer);
            position++;
            hash = seal(chunk, CHUNK_HEADER + part, 0, epoch, position, hash);
            long written = hand(CHUNK_HEADER + part, file);
            offset = i == 0 ? written : offset;
        }
        return offset;
    }

    private long seal(RecordType type, int bodyLength, int wireLength, long epoch, long at, long previousHash) {
        Frame.Header header = new Frame.Header(type, partition, bodyLength, wireLength, epoch, at);
        buffer.clear();
        return Frame.seal(buffer, 0, header, previousHash, crc);
    }

    private long hand(int bodyLength, FrameFile file) throws IOException {
        frame.readPositionRemaining(0, Frame.HEADER + (long) bodyLength);
        return file.append(frame);
    }

    private boolean fitsOneFrame(int bodyLength) {
        return bodyLength <= frameLimit - Frame.HEADER;
    }

    private int chunkPart() {
        return frameLimit - Frame.HEADER - CHUNK_HEADER;
    }
}
