package dev.holdfast.node.codec.records;

import java.io.EOFException;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads, and never beyond its bytes: every length is checked before anything of it is made. */
final class RecordInput {

    /** Asked before an array is made. */
    interface ArrayCheck {
        void array(Class<?> type, int length) throws IOException;
    }

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final ArrayCheck check;
    private int at;

    RecordInput(byte[] bytes, int at, ArrayCheck check) {
        this.bytes = bytes;
        this.at = at;
        this.check = check;
    }

    int offset() {
        return at;
    }

    int left() {
        return bytes.length - at;
    }

    void skip(int count) throws IOException {
        at = claim(count) + count;
    }

    int unsignedByte() throws IOException {
        at = claim(1) + 1;
        return bytes[at - 1] & 0xff;
    }

    int unsignedShort() throws IOException {
        return unsignedByte() << 8 | unsignedByte();
    }

    int signedInt() throws IOException {
        int from = claim(4);
        at = from + 4;
        return (int) INTS.get(bytes, from);
    }

    long signedLong() throws IOException {
        int from = claim(8);
        at = from + 8;
        return (long) LONGS.get(bytes, from);
    }

    /** Whether there is a value, or null. */
    boolean isPresent() throws IOException {
        int presence = unsignedByte();
        if (presence > 1) {
            throw new StreamCorruptedException("neither null nor a value: offset=" + (at - 1) + ", found=" + presence);
        }
        return presence == 1;
    }

    /** A length that there are bytes for. */
    int length(int bytesEach) throws IOException {
        int count = signedInt();
        if (count < 0 || (long) count * bytesEach > left()) {
            throw new StreamCorruptedException(
                    "there is no such length: offset=" + (at - 4) + ", length=" + count + ", left=" + left());
        }
        return count;
    }

    /** The length of an array, which may be made. */
    int arrayLength(Class<?> type, int bytesEach) throws IOException {
        int count = length(bytesEach);
        check.array(type, count);
        return count;
    }

    /** The next bytes, stepped over. */
    ByteBuffer buffer(int count) throws IOException {
        int from = claim(count);
        at = from + count;
        return ByteBuffer.wrap(bytes, from, count);
    }

    byte[] take(int count) throws IOException {
        int from = claim(count);
        at = from + count;
        return Arrays.copyOfRange(bytes, from, at);
    }

    /** Modified UTF-8 of {@code count} bytes. */
    String text(int count) throws IOException {
        int from = claim(count);
        int end = from + count;
        at = end;
        int i = from;
        while (i < end && bytes[i] >= 0) {
            i++;
        }
        return i == end ? new String(bytes, from, count, StandardCharsets.ISO_8859_1) : wideText(from, end);
    }

    private String wideText(int from, int end) throws IOException {
        char[] chars = new char[end - from];
        int count = 0;
        int i = from;
        while (i < end) {
            int first = bytes[i] & 0xff;
            int width = first < 0x80 ? 1 : first >> 5 == 0b110 ? 2 : first >> 4 == 0b1110 ? 3 : 4;
            if (i + width > end || width == 4) {
                throw new StreamCorruptedException("it is no text: offset=" + i + ", found=" + first);
            }
            chars[count++] = (char)
                    (width == 1
                            ? first
                            : width == 2
                                    ? (first & 0x1f) << 6 | (bytes[i + 1] & 0x3f)
                                    : (first & 0x0f) << 12 | (bytes[i + 1] & 0x3f) << 6 | (bytes[i + 2] & 0x3f));
            i += width;
        }
        return new String(chars, 0, count);
    }

    private int claim(int count) throws IOException {
        if (count < 0 || count > left()) {
            throw new EOFException("it ends early: offset=" + at + ", needed=" + count + ", left=" + left());
        }
        return at;
    }
}
