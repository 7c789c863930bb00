package dev.holdfast.storage.log.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.wire.BinaryWire;

/**
 * The part of a file that {@link FrameScan} looks at: moved over it, and never beyond its end. What is asked for by an index was
 * brought in before, with {@link #holds}. One thread.
 */
final class FrameWindow {

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(16 * 1024).asReadOnlyBuffer();

    private final FrameSource source;
    private final long size;
    private ByteBuffer buffer;
    private Bytes<ByteBuffer> bytes;
    private BinaryWire wire;
    private long start;
    private int length;

    /** @param buffer used from here on; a larger one is made where it is too small for a frame */
    FrameWindow(FrameSource source, ByteBuffer buffer) throws IOException {
        this.source = source;
        this.size = source.size();
        this.buffer = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
        this.bytes = bytesOf(this.buffer);
        this.wire = FieldWriter.newWire(bytes);
    }

    private static Bytes<ByteBuffer> bytesOf(ByteBuffer buffer) {
        Bytes<ByteBuffer> bytes = Bytes.wrapForRead(buffer);
        bytes.singleThreadedCheckDisabled(true);
        return bytes;
    }

    /** Of the file, bytes. */
    long size() {
        return size;
    }

    /** Brings {@code count} bytes from {@code from} in; false if the file has not that many. */
    boolean holds(long from, int count) throws IOException {
        if (from >= start && from + count <= start + length) {
            return true;
        }
        if (from + count > size) {
            return false;
        }
        if (count > buffer.capacity()) {
            buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
            bytes = bytesOf(buffer);
            wire = FieldWriter.newWire(bytes);
        }
        buffer.clear();
        start = from;
        length = 0;
        while (buffer.hasRemaining()) {
            int read = source.read(buffer, start + buffer.position());
            if (read < 0) {
                break;
            }
        }
        length = buffer.position();
        buffer.clear();
        return length >= count;
    }

    /** The index of an offset in the file. */
    int at(long fileOffset) {
        return (int) (fileOffset - start);
    }

    byte get(int at) {
        return buffer.get(at);
    }

    short getShort(int at) {
        return buffer.getShort(at);
    }

    int getInt(int at) {
        return buffer.getInt(at);
    }

    long getLong(int at) {
        return buffer.getLong(at);
    }

    /** To be read at indexes, until the window is moved. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Gives {@code image} the body that begins at an index, until the window is moved. */
    void body(RecordImage image, int at, int wireLength, int bodyLength) {
        image.body(buffer, bytes, wire, at, wireLength, bodyLength);
    }

    /** Where {@code word}, not zero, stands next, from {@code from} on in steps of four, with {@code least} bytes there; -1 if nowhere. */
    long find(int word, long from, int least) throws IOException {
        long candidate = from;
        while (holds(candidate, least)) {
            int first = at(candidate);
            int last = length - least;
            int at = first;
            for (int found = 0; at <= last && (found = buffer.getInt(at)) != word; ) {
                at += 4;
                if (found == 0 && at <= length - 16 && buffer.getLong(at) == 0 && buffer.getLong(at + 8) == 0) {
                    at += (notZero(at, length) - at) & ~3; // of a sparse file nearly all
                }
            }
            candidate += at - first;
            if (at <= last) {
                return candidate;
            }
        }
        return -1;
    }

    /** Whether the file has nothing but zeros from {@code from} on. */
    boolean isZeroFrom(long from) throws IOException {
        long offset = from;
        while (offset < size && holds(offset, 1)) {
            if (notZero(at(offset), length) < length) {
                return false;
            }
            offset = start + length;
        }
        return true;
    }

    /** The first index from {@code at} on whose byte is not zero; {@code end} if there is none. */
    private int notZero(int at, int end) {
        for (int index = at; index < end; ) {
            int count = Math.min(ZEROS.capacity(), end - index);
            int difference = ZEROS.slice(0, count).mismatch(buffer.slice(index, count));
            if (difference >= 0) {
                return index + difference;
            }
            index += count;
        }
        return end;
    }
}
