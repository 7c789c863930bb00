package dev.holdfast.node.codec;

import java.io.InputStream;
import java.util.Objects;

/** What a stream reads from: bytes that can be exchanged under it. */
final class MessageBytes extends InputStream {

    private byte[] bytes;
    private int at;
    private long suppliedBefore;
    private int start;

    MessageBytes(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.at = offset;
        this.start = offset;
    }

    /** Whatever is left is forgotten; goes on with {@code bytes} from {@code offset}. */
    void supply(byte[] bytes, int offset) {
        suppliedBefore = supplied();
        this.bytes = bytes;
        this.at = offset;
        this.start = offset;
    }

    /** Bytes that were read since it was made. */
    long supplied() {
        return suppliedBefore + (at - start);
    }

    int left() {
        return bytes.length - at;
    }

    @Override
    public int read() {
        return at < bytes.length ? bytes[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, left());
        if (count <= 0) {
            return -1;
        }
        System.arraycopy(bytes, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return left();
    }
}
