package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Collects bytes, big-endian; the counterpart of {@link ByteSource}. */
final class ByteSink {

    private byte[] bytes = new byte[256];
    private int size;

    void putByte(int value) {
        ensure(Byte.BYTES);
        bytes[size++] = (byte) value;
    }

    void putBoolean(boolean value) {
        putByte(value ? 1 : 0);
    }

    void putInt(int value) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            putByte(value >>> shift);
        }
    }

    void putLong(long value) {
        putInt((int) (value >>> Integer.SIZE));
        putInt((int) value);
    }

    /** Length in bytes, then UTF-8. */
    void putText(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        putInt(text.length);
        ensure(text.length);
        System.arraycopy(text, 0, bytes, size, text.length);
        size += text.length;
    }

    void putNode(NodeId node) {
        Limits.requireLength("disk id", node.diskId(), Limits.MAX_DISK_ID_LENGTH);
        putText(node.diskId());
    }

    /** What was put, and the CRC32C of all of it. */
    byte[] sealed() {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, size);
        putInt((int) crc.getValue());
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
