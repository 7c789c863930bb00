package dev.holdfast.storage.log.memory;

import dev.holdfast.storage.log.frame.Frame;
import dev.holdfast.storage.log.frame.FrameSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import net.openhft.chronicle.bytes.Bytes;

/** A file's content, and how much of it was forced. Thread-safe. */
final class MemoryFile implements FrameSource {

    private final Path name;
    private byte[] content;
    private int length;
    private int forced;

    MemoryFile(Path name) {
        this(name, new byte[4096], 0, 0);
    }

    private MemoryFile(Path name, byte[] content, int length, int forced) {
        this.name = name;
        this.content = content;
        this.length = length;
        this.forced = forced;
    }

    synchronized MemoryFile copy(Path newName) {
        return new MemoryFile(newName, content.clone(), length, forced);
    }

    /** Appends a document; returns its offset. */
    synchronized long append(Bytes<ByteBuffer> frame) {
        int frameLength = Math.toIntExact(frame.readRemaining());
        int size = Math.toIntExact(Frame.documentBytes(frameLength));
        if (length + size > content.length) {
            content = Arrays.copyOf(content, Math.max(2 * content.length, length + size));
        }
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(length, frameLength);
        frame.read(frame.readPosition(), content, length + Frame.DOCUMENT_HEADER, frameLength);
        int offset = length;
        length += size;
        return offset;
    }

    synchronized void force() {
        forced = length;
    }

    /** What a loss of the page cache leaves. */
    synchronized void dropUnforced() {
        cutTo(forced);
    }

    synchronized byte[] content() {
        return Arrays.copyOf(content, length);
    }

    synchronized void content(byte[] bytes) {
        content = bytes.clone();
        length = bytes.length;
        forced = Math.min(forced, length);
    }

    private void cutTo(int newLength) {
        Arrays.fill(content, newLength, length, (byte) 0);
        length = newLength;
    }

    @Override
    public Path file() {
        return name;
    }

    @Override
    public synchronized long size() {
        return length;
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) {
        if (position >= length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), length - position);
        target.put(content, (int) position, count);
        return count;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
