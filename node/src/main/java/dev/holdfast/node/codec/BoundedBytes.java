package dev.holdfast.node.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes in memory up to a limit: an object of a gigabyte is noticed before it is copied whole. */
final class BoundedBytes extends OutputStream {

    private static final int FIRST_SIZE = 512;
    private static final long MOST = Integer.MAX_VALUE - 8L;

    private long limit;
    private byte[] buffer = new byte[FIRST_SIZE];
    private int size;

    BoundedBytes(long limit) {
        this.limit = Math.min(limit, MOST);
    }

    /** Forgets what was written; from now on {@code limit} bytes, which begin with {@code head}. */
    void begin(long limit, byte[] head) throws IOException {
        this.limit = Math.min(limit, MOST);
        this.size = 0;
        write(head, 0, head.length);
    }

    @Override
    public void write(int b) throws IOException {
        makeRoom(1);
        buffer[size++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        makeRoom(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
    }

    int size() {
        return size;
    }

    /** Bytes that its buffer has room for; it never shrinks. */
    int capacity() {
        return buffer.length;
    }

    /** What was written, behind {@code prefix}. */
    byte[] toBytes(byte[] prefix) {
        byte[] all = Arrays.copyOf(prefix, prefix.length + size);
        System.arraycopy(buffer, 0, all, prefix.length, size);
        return all;
    }

    private void makeRoom(int more) throws IOException {
        long needed = (long) size + more;
        if (needed > limit) {
            throw new OverLimitException(needed);
        }
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(limit, Math.max(needed, buffer.length * 2L)));
        }
    }

    /** More than the limit was to be written; {@link #atLeast} bytes. */
    static final class OverLimitException extends IOException {

        private static final long serialVersionUID = 1L;

        private final long atLeast;

        OverLimitException(long atLeast) {
            super("over the limit");
            this.atLeast = atLeast;
        }

        long atLeast() {
            return atLeast;
        }
    }
}
