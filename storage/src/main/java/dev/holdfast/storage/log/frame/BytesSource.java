package dev.holdfast.storage.log.frame;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Bytes in memory that are read as a file. Any thread. */
public final class BytesSource implements FrameSource {

    private final Path name;
    private final byte[] content;

    /**
     * @param name for messages
     * @param content not copied, and not to be changed
     */
    public BytesSource(Path name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    @Override
    public Path file() {
        return name;
    }

    @Override
    public long size() {
        return content.length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        if (position >= content.length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), content.length - position);
        target.put(content, (int) position, count);
        return count;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
