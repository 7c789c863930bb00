package dev.holdfast.storage.log.frame;

import java.nio.ByteBuffer;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.wire.BinaryWire;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbered fields one after the other into a buffer that is used again and grows as needed. One thread at a time;
 * nothing is closed or freed by hand, the buffer goes with its object.
 */
final class FieldWriter {

    private final Bytes<ByteBuffer> bytes = Bytes.elasticHeapByteBuffer(4096);
    private final BinaryWire wire = newWire(bytes);

    FieldWriter() {
        bytes.singleThreadedCheckDisabled(true);
    }

    /** Untyped, numbers for names, no name ever looked up as a class. */
    static BinaryWire newWire(Bytes<?> bytes) {
        return new BinaryWire(bytes, false, true, false, Integer.MAX_VALUE, "binary");
    }

    void clear() {
        bytes.clear();
    }

    int length() {
        return Math.toIntExact(bytes.writePosition());
    }

    /** Cuts what was written after {@code length}. */
    void cutTo(int length) {
        bytes.writePosition(length);
    }

    /** Copies the fields from {@code start} to {@code target}'s position. */
    void copyTo(ByteBuffer target, int start, int length) {
        target.put(bytes.underlyingObject().array(), bytes.underlyingObject().arrayOffset() + start, length);
    }

    /** The fields from {@code start} to the end. */
    byte[] bytesFrom(int start) {
        byte[] copy = new byte[length() - start];
        copyTo(ByteBuffer.wrap(copy), start, copy.length);
        return copy;
    }

    /** Writes fields as {@link #bytesFrom} gave them. */
    void copyOf(byte[] fields) {
        bytes.write(fields);
    }

    FieldWriter number(int field, long value) {
        wire.writeEventId(field).int64(value);
        return this;
    }

    FieldWriter numberUnless(int field, long value, long defaultValue) {
        return value == defaultValue ? this : number(field, value);
    }

    FieldWriter flag(int field, boolean value) {
        return value ? number(field, 1) : this;
    }

    FieldWriter text(int field, @Nullable String value) {
        if (value != null) {
            wire.writeEventId(field).text(value);
        }
        return this;
    }
}
