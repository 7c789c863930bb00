package dev.holdfast.storage.log.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file of frames to read from, by position. Never mapped: a file that was cut under a mapping kills the process, one
 * that is read gives fewer bytes. Any thread, many at a time.
 */
public interface FrameSource extends AutoCloseable {

    /** For messages; of a log in memory it names nothing that exists. */
    Path file();

    long size() throws IOException;

    /**
     * Reads up to {@code target}'s remaining bytes from {@code position}; returns their count, or -1 at the end.
     *
     * @throws ReadFailedException the disk does not give them
     */
    int read(ByteBuffer target, long position) throws IOException;

    @Override
    void close();
}
