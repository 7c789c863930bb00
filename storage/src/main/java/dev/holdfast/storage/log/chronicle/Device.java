package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.log.segment.NoSpaceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** The operating system, as far as a log's files need it; a seam for tests that fill the disk or fail a force. Any thread. */
interface Device {

    /** Opens a file; one that is made gets 0600. No interrupt closes the channel. */
    FileChannel open(Path file, OpenOption... options) throws IOException;

    /**
     * Takes {@code length} bytes from {@code offset} on from the disk, so that a store into a mapping of them can not fail.
     * Nothing may have been written there: where the system has no call for it, zeros are.
     *
     * @throws NoSpaceException the disk is full
     */
    void allocate(Path file, FileChannel channel, long offset, long length) throws IOException;

    /**
     * Has the system write some pages of a file, mapped at {@code address}, and waits for it. Where the system has no call for that, the
     * whole file is forced. Nothing is known to be on the medium for it; that is what a force is for.
     *
     * @param address of a page of {@link #pageBytes}
     * @throws IOException it could not write them, and may say so once only: the file can not be relied on any more
     */
    void writeOut(FileChannel channel, long address, long length) throws IOException;

    /** What the system maps and writes at a time. */
    int pageBytes();

    /** Free bytes of the file system that {@code path} is on. */
    long usableBytes(Path path) throws IOException;
}
