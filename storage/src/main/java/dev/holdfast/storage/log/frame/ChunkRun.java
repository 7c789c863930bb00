package dev.holdfast.storage.log.frame;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts the chunks of one record together again. Anything else in between voids what there is. One thread at a time. */
final class ChunkRun {

    /** Longest record that is put together; a length above it is damage, whatever its CRC says. */
    static final int MAX_RECORD = 1 << 30;

    private byte @Nullable [] whole;
    private int length;
    private int typeCode;
    private int nextIndex;
    private int count;
    private int wireLength;
    private int filled;
    private long epoch;
    private long offset;

    void clear() {
        whole = null;
    }

    /**
     * Takes the chunk whose body of {@code bodyLength} begins at {@code start}.
     *
     * @param available how many bytes the file has from this chunk on: no more memory is taken, whatever length is told
     * @return null if it fits, else what is wrong with it
     */
    @Nullable
    String take(ByteBuffer buffer, int start, int bodyLength, long itsEpoch, long itsOffset, long available) {
        int part = bodyLength - FrameBuilder.CHUNK_HEADER;
        if (part <= 0) {
            return "a chunk of length=" + bodyLength;
        }
        int index = buffer.getInt(start + 4);
        if (index == 0) {
            String wrong = begin(buffer, start, part, itsEpoch, itsOffset, available);
            if (wrong != null) {
                return wrong;
            }
        }
        byte[] target = whole;
        if (target == null
                || index != nextIndex
                || !matches(buffer, start, itsEpoch)
                || part > target.length - filled) {
            return "a chunk out of its run: index=" + index;
        }
        buffer.get(start + FrameBuilder.CHUNK_HEADER, target, filled, part);
        filled += part;
        nextIndex++;
        return nextIndex == count && filled != length ? "a run that is too short: length=" + filled : null;
    }

    boolean isWhole() {
        return whole != null && nextIndex == count;
    }

    /** Hands the record over and is empty again. */
    void moveTo(RecordImage image, RecordType type, long position) {
        byte[] body = whole;
        if (body == null) {
            throw new IllegalStateException("No run of chunks");
        }
        image.set(type, epoch, position - count + 1, position, offset);
        image.body(body, wireLength);
        whole = null;
    }

    int typeCode() {
        return typeCode;
    }

    private @Nullable String begin(
            ByteBuffer buffer, int start, int part, long itsEpoch, long itsOffset, long available) {
        length = buffer.getInt(start + 16);
        typeCode = buffer.getInt(start);
        count = buffer.getInt(start + 8);
        wireLength = buffer.getInt(start + 12);
        if (length < part || length > MAX_RECORD || count < 1 || wireLength < 0 || wireLength > length) {
            return "a run of length=" + length + ", count=" + count + ", wireLength=" + wireLength;
        }
        epoch = itsEpoch;
        offset = itsOffset;
        nextIndex = 0;
        filled = 0;
        // the rest of a run that a process was writing when it died may be missing: that is no damage
        whole = new byte[(int) Math.min(length, available)];
        return null;
    }

    private boolean matches(ByteBuffer buffer, int start, long itsEpoch) {
        return itsEpoch == epoch
                && buffer.getInt(start) == typeCode
                && buffer.getInt(start + 8) == count
                && buffer.getInt(start + 12) == wireLength
                && buffer.getInt(start + 16) == length;
    }
}
