package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.log.segment.NoSpaceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The system's device, until it is told to fill up or to fail forces. Any thread. */
final class FaultyDevice implements Device {

    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private final Device system = new SystemDevice();
    private final AtomicInteger forces = new AtomicInteger();
    private final AtomicLong writtenOut = new AtomicLong();
    private volatile boolean full;
    private volatile boolean forcesFail;
    private volatile boolean writeOutsFail;
    private volatile Runnable beforeWriteOuts = () -> {};
    private volatile Pattern unreadable = NOTHING;
    private volatile Pattern unwritable = NOTHING;
    private final Map<Path, Long> allocatedEnds = new ConcurrentHashMap<>();
    private final Set<Path> writtenBeforeAllocation = ConcurrentHashMap.newKeySet();
    private volatile boolean withoutAllocation;
    private volatile long stepLimit = Long.MAX_VALUE;
    private volatile long usableLimit = Long.MAX_VALUE;
    private volatile int writeLimit = Integer.MAX_VALUE;
    private final AtomicInteger shortWrites = new AtomicInteger();
    private volatile Consumer<Path> whenAllocated = file -> {};
    private volatile Consumer<Path> whenForced = file -> {};
    private volatile Consumer<Path> beforeWrites = file -> {};

    void fill(boolean nowFull) {
        full = nowFull;
    }

    /** No more than so many bytes are free. */
    void leave(long bytes) {
        usableLimit = bytes;
    }

    /** As on a file system that can not take blocks without writing them. */
    void allocateByWriting() {
        withoutAllocation = true;
    }

    /** The disk has room for small steps only. */
    void allocateAtMost(long bytes) {
        stepLimit = bytes;
    }

    /** Ends of what was taken from the disk, by file. */
    Map<Path, Long> allocatedEnds() {
        return allocatedEnds;
    }

    /** Files that something was in before any of their blocks was taken. */
    Set<Path> writtenBeforeAllocation() {
        return writtenBeforeAllocation;
    }

    void failWriteOuts() {
        writeOutsFail = true;
    }

    /** Runs {@code work} before pages are written out: that takes as long. */
    void beforeWriteOuts(Runnable work) {
        beforeWriteOuts = work;
    }

    void failForces(boolean fail) {
        forcesFail = fail;
    }

    /** Files whose path contains {@code pattern} can not be read. */
    void failReadsOf(String pattern) {
        unreadable = Pattern.compile(pattern);
    }

    void failNoReads() {
        unreadable = NOTHING;
    }

    /** Files whose path contains {@code pattern} can not be written. */
    void failWritesOf(String pattern) {
        unwritable = Pattern.compile(pattern);
    }

    void failNoWrites() {
        unwritable = NOTHING;
    }

    /** No write takes more than so many bytes, whatever it is given. */
    void writeAtMost(int bytes) {
        writeLimit = bytes;
    }

    int shortWrites() {
        return shortWrites.get();
    }

    /** Bytes of all files that were written out before a force asked for it. */
    long writtenOut() {
        return writtenOut.get();
    }

    int forces() {
        return forces.get();
    }

    /** Runs {@code work} with the file after each allocation, before its caller goes on. */
    void whenAllocated(Consumer<Path> work) {
        whenAllocated = work;
    }

    /** Runs {@code work} with the file after each force, before its caller goes on. */
    void whenForced(Consumer<Path> work) {
        whenForced = work;
    }

    /** Runs {@code work} with the file before each write: one that is slow takes as long as that. */
    void beforeWrites(Consumer<Path> work) {
        beforeWrites = work;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return new FaultyChannel(file, system.open(file, options));
    }

    @Override
    public void allocate(Path file, FileChannel channel, long offset, long length) throws IOException {
        if (full || length > stepLimit) {
            throw new NoSpaceException("No space left on device", null);
        }
        if (!allocatedEnds.containsKey(file) && channel.size() > 0) {
            writtenBeforeAllocation.add(file);
        }
        allocatedEnds.merge(file, offset + length, Math::max);
        if (withoutAllocation) {
            SystemDevice.writeZeros(channel, offset, length);
            return;
        }
        system.allocate(file, channel, offset, length);
        whenAllocated.accept(file);
    }

    @Override
    public void writeOut(FileChannel channel, long address, long length) throws IOException {
        beforeWriteOuts.run();
        if (writeOutsFail) {
            throw new IOException("Input/output error");
        }
        writtenOut.addAndGet(length);
        system.writeOut(channel, address, length);
    }

    @Override
    public int pageBytes() {
        return system.pageBytes();
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return full ? 0 : Math.min(usableLimit, system.usableBytes(path));
    }

    private final class FaultyChannel extends FileChannel {

        private final Path file;
        private final FileChannel channel;

        FaultyChannel(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            forces.incrementAndGet();
            if (forcesFail) {
                throw new IOException("Input/output error");
            }
            channel.force(metaData);
            whenForced.accept(file);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            beforeWrites.accept(file);
            if (full) {
                throw new IOException("No space left on device");
            }
            if (unwritable.matcher(file.toString()).find()) {
                throw new IOException("Input/output error");
            }
            int whole = source.limit();
            if (source.remaining() > writeLimit) {
                shortWrites.incrementAndGet();
                source.limit(source.position() + writeLimit);
            }
            try {
                return channel.write(source);
            } finally {
                source.limit(whole);
            }
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return channel.read(targets, offset, length);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            return channel.write(sources, offset, length);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long newPosition) throws IOException {
            channel.position(newPosition);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            channel.truncate(size);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return channel.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return channel.transferFrom(source, position, count);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (unreadable.matcher(file.toString()).find()) {
                throw new IOException("Input/output error");
            }
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return channel.write(source, position);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return channel.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return channel.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }
}
