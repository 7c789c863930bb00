package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.log.segment.NoSpaceException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Takes a segment's blocks from the disk ahead of the writer: a store into a mapped page without a block behind it kills
 * the process or throws, long after, from anywhere. Steps grow with what is written, so that a start costs little and a
 * busy log is seldom kept waiting. Thread-safe.
 */
final class SpaceAhead {

    static final long SMALLEST_STEP = 256 * 1024;
    static final long LARGEST_STEP = 4 * 1024 * 1024;

    /** What Chronicle itself writes between documents at most: an array of its index. */
    static final long OWN_OF_CHRONICLE = 64 * 1024;

    private final Device device;
    private final Path file;
    private final FileChannel channel;
    private final long capacity;
    private volatile long allocatedEnd;

    /**
     * @param taken end of what is taken already
     * @param capacity bytes of the file at most
     */
    SpaceAhead(Device device, Path file, FileChannel channel, long taken, long capacity) {
        this.device = device;
        this.file = file;
        this.channel = channel;
        this.capacity = capacity;
        this.allocatedEnd = taken;
    }

    /** End of what is taken. */
    long allocatedEnd() {
        return allocatedEnd;
    }

    /**
     * Makes sure that {@code bytes} from {@code position} on are there.
     *
     * @throws NoSpaceException they are not; what was there stays
     */
    void reserve(long position, long bytes) throws IOException {
        long wanted = Math.min(capacity, position + bytes + OWN_OF_CHRONICLE);
        if (wanted <= allocatedEnd) {
            return;
        }
        synchronized (this) {
            try {
                allocateTo(Math.min(capacity, wanted + step(position)));
            } catch (NoSpaceException e) {
                allocateTo(wanted); // the last blocks of the disk
            }
        }
    }

    boolean wantsMore(long position) {
        return allocatedEnd < capacity && allocatedEnd - position < step(position) / 2 + OWN_OF_CHRONICLE;
    }

    /** Takes another step. Returns where it begins; a full disk takes nothing. */
    synchronized long takeStep(long position) throws IOException {
        long before = allocatedEnd;
        try {
            allocateTo(Math.min(capacity, before + step(position)));
        } catch (NoSpaceException e) {
            return before; // the writer meets it when it gets there, with an answer for whoever waits
        }
        return before;
    }

    private void allocateTo(long end) throws IOException {
        long from = allocatedEnd;
        if (end > from) {
            device.allocate(file, channel, from, end - from);
            allocatedEnd = end;
        }
    }

    private static long step(long position) {
        return Math.max(SMALLEST_STEP, Math.min(LARGEST_STEP, position));
    }
}
