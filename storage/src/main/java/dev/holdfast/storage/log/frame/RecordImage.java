package dev.holdfast.storage.log.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.wire.BinaryWire;
import org.jspecify.annotations.Nullable;

/**
 * A whole record as a file has it, checked, not decoded: valid until the scan that made it moves on. One thread at a time.
 */
public final class RecordImage {

    private final CRC32C crc = new CRC32C();
    private @Nullable ByteBuffer buffer;
    private @Nullable Bytes<?> bytes;
    private @Nullable BinaryWire wire;
    private RecordType type = RecordType.CHUNK;
    private long epoch;
    private long position;
    private long firstPosition;
    private long offset;
    private int start;
    private int wireLength;
    private int length;

    public RecordType type() {
        return type;
    }

    /** Epoch of a replicated record; number of the file for any other. */
    public long epoch() {
        return epoch;
    }

    /** Log sequence number of a replicated record, that of its last frame; the ordinal of any other. */
    public long position() {
        return position;
    }

    /** Position of its first frame. */
    public long firstPosition() {
        return firstPosition;
    }

    /** Where its first frame's document begins in the file. */
    public long offset() {
        return offset;
    }

    /** Length of the body. */
    public int length() {
        return length;
    }

    void set(RecordType type, long epoch, long firstPosition, long position, long offset) {
        this.type = type;
        this.epoch = epoch;
        this.firstPosition = firstPosition;
        this.position = position;
        this.offset = offset;
    }

    /** Takes a body inside {@code buffer}, which {@code bytes} and {@code wire} read too. */
    void body(ByteBuffer buffer, Bytes<?> bytes, BinaryWire wire, int start, int wireLength, int length) {
        this.buffer = buffer;
        this.bytes = bytes;
        this.wire = wire;
        this.start = start;
        this.wireLength = wireLength;
        this.length = length;
    }

    /** Takes a body that was put together from chunks. */
    void body(byte[] whole, int wireLength) {
        Bytes<?> view = Bytes.wrapForRead(whole);
        view.singleThreadedCheckDisabled(true);
        body(
                ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN),
                view,
                FieldWriter.newWire(view),
                0,
                wireLength,
                whole.length);
    }

    void readFields(FieldValues values) {
        if (bytes == null || wire == null) {
            throw new IllegalStateException("No record was read yet");
        }
        values.read(bytes, wire, start, wireLength);
    }

    /** Whether the body has {@code count} of the user's bytes, {@code skip} bytes behind the Wire part. */
    public boolean holds(int skip, int count) {
        return skip >= 0 && count >= 0 && (long) wireLength + skip + count <= length;
    }

    /** The user's bytes of the body: {@code skip} bytes behind the Wire part. */
    public byte[] copy(int skip, int count) {
        ByteBuffer whole = checked(skip, count);
        byte[] copy = new byte[count];
        whole.get(start + wireLength + skip, copy, 0, count);
        return copy;
    }

    /** CRC32C of what {@link #copy} would give, without the copy. */
    int crc(int skip, int count) {
        crc.reset();
        ByteBuffer view = checked(skip, count).duplicate();
        view.limit(start + wireLength + skip + count).position(start + wireLength + skip);
        crc.update(view);
        return (int) crc.getValue();
    }

    private ByteBuffer checked(int skip, int count) {
        if (buffer == null || !holds(skip, count)) {
            throw new IllegalStateException("A body is longer than its record: skip=" + skip + ", count=" + count
                    + ", record=" + (length - wireLength));
        }
        return buffer;
    }
}
