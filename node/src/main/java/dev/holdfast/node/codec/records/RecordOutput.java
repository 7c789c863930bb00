package dev.holdfast.node.codec.records;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes into exactly as many bytes as were counted before. */
final class RecordOutput {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private int at;

    RecordOutput(int size) {
        this.bytes = new byte[size];
    }

    /** What was written. */
    byte[] bytes() {
        if (at != bytes.length) {
            throw new IllegalStateException("Counted and written differ: counted=" + bytes.length + ", written=" + at);
        }
        return bytes;
    }

    void writeByte(int value) {
        bytes[at++] = (byte) value;
    }

    void writeShort(int value) {
        writeByte(value >> 8);
        writeByte(value);
    }

    void writeInt(int value) {
        INTS.set(bytes, at, value);
        at += 4;
    }

    void writeLong(long value) {
        LONGS.set(bytes, at, value);
        at += 8;
    }

    void write(byte[] value) {
        System.arraycopy(value, 0, bytes, at, value.length);
        at += value.length;
    }

    /** Room for the next bytes, stepped over. */
    ByteBuffer buffer(int count) {
        at += count;
        return ByteBuffer.wrap(bytes, at - count, count);
    }

    /** Bytes of {@code text} in UTF-8 where each half of a pair of surrogates has bytes of its own: no text has none. */
    static long sizeOf(String text) {
        int length = text.length();
        long size = length;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            size += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
        }
        return size;
    }

    /** Length and bytes. */
    @SuppressWarnings("deprecation") // exactly the low bytes are wanted, of a text that was seen to have no others
    void writeText(String text) {
        int length = text.length();
        int size = (int) sizeOf(text);
        writeInt(size);
        if (size == length) {
            text.getBytes(0, length, bytes, at);
            at += length;
            return;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                writeByte(c);
            } else if (c < 0x800) {
                writeByte(0xc0 | c >> 6);
                writeByte(0x80 | (c & 0x3f));
            } else {
                writeByte(0xe0 | c >> 12);
                writeByte(0x80 | (c >> 6 & 0x3f));
                writeByte(0x80 | (c & 0x3f));
            }
        }
    }
}
