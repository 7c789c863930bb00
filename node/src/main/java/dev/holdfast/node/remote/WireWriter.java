package dev.holdfast.node.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.replication.transport.Body;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Grows as it is written to; big endian. One thread. */
final class WireWriter {

    /** Layout of every body; first in each. */
    static final int LAYOUT = 1;

    static final int ABSENT = -1;

    private static final int FIRST_BYTES = 128;

    private byte[] bytes;
    private int size;

    /** @param expectedBytes of the large parts */
    WireWriter(int expectedBytes) {
        bytes = new byte[expectedBytes + FIRST_BYTES];
        u8(LAYOUT);
    }

    WireWriter() {
        this(0);
    }

    /** What was written; not to be written to any more. */
    Body body() {
        return Body.of(ByteBuffer.wrap(bytes, 0, size));
    }

    int size() {
        return size;
    }

    WireWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    WireWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    WireWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    WireWriter i32(int value) {
        room(Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(size, value);
        size += Integer.BYTES;
        return this;
    }

    WireWriter i64(long value) {
        room(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(size, value);
        size += Long.BYTES;
        return this;
    }

    /** Length and UTF-8; {@link #ABSENT} for null. */
    WireWriter text(@Nullable String text) {
        return text == null ? i32(ABSENT) : bytes(text.getBytes(UTF_8));
    }

    /** Length and bytes. */
    WireWriter bytes(byte[] value) {
        i32(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), size + (size >> 1)));
        }
    }
}
