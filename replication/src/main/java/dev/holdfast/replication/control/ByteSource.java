package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Reads what a {@link ByteSink} collected. Every length and count is held against what is left, and against its own limit,
 * before anything is allocated for it.
 */
final class ByteSource {

    private static final int CRC_BYTES = Integer.BYTES;

    private final byte[] bytes;
    private final int end;
    private int position;

    private ByteSource(byte[] bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    /**
     * Over bytes as {@link ByteSink#sealed} made them.
     *
     * @throws ControlFormatException too many or too few, or the checksum is another
     */
    static ByteSource open(byte[] bytes, int maxBytes) {
        if (bytes.length < CRC_BYTES || bytes.length > maxBytes) {
            throw new ControlFormatException(
                    "Not a length that this may have: bytes=" + bytes.length + ", allowed are up to " + maxBytes);
        }
        int end = bytes.length - CRC_BYTES;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, end);
        ByteSource tail = new ByteSource(bytes, bytes.length);
        tail.position = end;
        int found = tail.getInt();
        if (found != (int) crc.getValue()) {
            throw new ControlFormatException("Damaged: crc32c=" + Integer.toHexString(found) + ", expected="
                    + Integer.toHexString((int) crc.getValue()) + ", bytes=" + bytes.length);
        }
        return new ByteSource(bytes, end);
    }

    int getByte() {
        require(Byte.BYTES);
        return bytes[position++] & 0xFF;
    }

    boolean getBoolean() {
        int value = getByte();
        if (value > 1) {
            throw wrong("a truth value", value);
        }
        return value == 1;
    }

    int getInt() {
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << Byte.SIZE | getByte();
        }
        return value;
    }

    long getLong() {
        long high = getInt();
        return high << Integer.SIZE | Integer.toUnsignedLong(getInt());
    }

    String getText(int maxLength) {
        int length = getInt();
        if (length < 0 || length > maxLength * Limits.MAX_BYTES_PER_CHAR || length > end - position) {
            throw wrong("the length of a text", length);
        }
        String text = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return text;
    }

    NodeId getNode() {
        return new NodeId(getText(Limits.MAX_DISK_ID_LENGTH));
    }

    /** How many follow, each of at least {@code minBytesEach}. */
    int getCount(int max, int minBytesEach) {
        int count = getInt();
        if (count < 0 || count > max || count > (end - position) / minBytesEach) {
            throw wrong("a count", count);
        }
        return count;
    }

    <E extends Enum<E>> E getEnum(E[] values) {
        int ordinal = getByte();
        if (ordinal >= values.length) {
            throw wrong("one of " + values.length + " kinds", ordinal);
        }
        return values[ordinal];
    }

    void requireEnd() {
        if (position != end) {
            throw wrong("the end", end - position);
        }
    }

    ControlFormatException wrong(String expected, long found) {
        return new ControlFormatException("Not " + expected + ": found=" + found + ", offset=" + position);
    }

    private void require(int more) {
        if (end - position < more) {
            throw new ControlFormatException("Ends too early: offset=" + position + ", wanted=" + more);
        }
    }
}
