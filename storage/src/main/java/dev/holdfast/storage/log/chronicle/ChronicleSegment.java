package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.log.frame.Frame;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.segment.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.PrecreatedFiles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A segment as a Chronicle Queue of one file, mapped whole when it is made: no append maps, resizes or locks anything, and
 * so none can be hurt by an interrupt or by a table that a dead process left locked. Only this incarnation opens it as a
 * queue; whoever comes later reads it as a file.
 *
 * <p>The channel is our own, held since the file was made: it forces (Chronicle's own {@code sync} logs a failure and goes
 * on) and is read from.
 */
final class ChronicleSegment implements SegmentFile {

    /** The queue's one cycle, by a clock that stands: file and index depend on no wall clock. */
    static final String FILE = "19700102F.cq4";

    private static final long CYCLE_MILLIS = 86_400_000L;

    /** Chronicle's headers and index before our first document, and the arrays of its index that come later. */
    private static final long CHRONICLE_BYTES = 512 * 1024;

    /** What Chronicle writes into a new queue file before our first document, and into the table beside it. */
    private static final long FIRST_BYTES = 160 * 1024;

    private static final String TABLE = "metadata.cq4t";
    private static final long TABLE_BYTES = 16 * 1024;

    /** No system has smaller ones. */
    private static final int PAGE = 4096;

    /** A force has about this left to write, and what was touched ahead of the writer. */
    private static final long WRITE_OUT_BYTES = 4 * 1024 * 1024;

    private final Device device;
    private final long number;
    private final long segmentBytes;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Bytes<?> mapped;
    private final long firstPosition;
    private final FileChannel channel;
    private final ChannelSource source;
    private final SpaceAhead space;
    /** Of whoever works on the mapping beside the writer; exclusive where it ends. */
    private final ReadWriteLock mapping = new ReentrantReadWriteLock();

    /** Under {@link #mapping}. */
    private boolean sealed;

    /** Up to here the system was told to write, in whole pages; grows only. */
    private final AtomicLong writtenOut = new AtomicLong();

    /** Makes the queue in an empty directory. The names that lead to it are not forced here. */
    ChronicleSegment(Device device, Path directory, long number, long segmentBytes) throws IOException {
        this.device = device;
        this.number = number;
        this.segmentBytes = segmentBytes;
        // under its own name Chronicle would wait for whoever seems to be making it
        Path made =
                PrecreatedFiles.preCreatedFile(directory.resolve(FILE).toFile()).toPath();
        takeBlocks(device, made, FIRST_BYTES);
        takeBlocks(device, directory.resolve(TABLE), TABLE_BYTES);
        this.queue = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(RollCycles.FAST_DAILY)
                .timeProvider(() -> CYCLE_MILLIS)
                .blockSize(segmentBytes + CHRONICLE_BYTES)
                .timeoutMS(500)
                .checkInterrupts(false)
                .syncMode(SyncMode.NONE)
                .build();
        queue.singleThreadedCheckDisabled(true);
        try {
            this.appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            makeFile(number);
            this.mapped = appender.wire().bytes();
            mapped.singleThreadedCheckDisabled(true);
            this.firstPosition = mapped.writePosition();
            Path file = directory.resolve(FILE);
            this.channel = device.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            this.source = new ChannelSource(file, channel);
            this.space = new SpaceAhead(device, file, channel, FIRST_BYTES, channel.size());
            if (firstPosition > FIRST_BYTES || Files.exists(made)) {
                throw new IllegalStateException("Chronicle wrote where nothing was taken from the disk: file=" + file
                        + ", bytes=" + firstPosition + ", taken=" + FIRST_BYTES);
            }
            space.reserve(0, firstPosition);
        } catch (IOException | RuntimeException | Error e) {
            queue.close();
            throw e;
        }
    }

    /** Zeros are a new file to Chronicle. Without blocks behind them its stores could be lost, and it would not know. */
    private static void takeBlocks(Device device, Path file, long bytes) throws IOException {
        try (FileChannel channel =
                device.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            device.allocate(file, channel, 0, bytes);
        }
    }

    /** The first document makes the file: one of Chronicle's own kind, which is no record. */
    private void makeFile(long segment) {
        try (DocumentContext context = appender.writingDocument(true)) {
            context.wire().write("holdfast-segment").int64(segment);
        }
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public long append(Bytes<ByteBuffer> frame) {
        long length = frame.readRemaining();
        appender.writeBytes((BytesStore<?, ?>) frame);
        return mapped.writePosition() - length - Frame.DOCUMENT_HEADER;
    }

    @Override
    public long position() {
        return mapped.writePosition();
    }

    @Override
    public long room() {
        return firstPosition + segmentBytes - mapped.writePosition();
    }

    @Override
    public double filled() {
        return (double) (mapped.writePosition() - firstPosition) / segmentBytes;
    }

    @Override
    public void reserve(long bytes) throws IOException {
        space.reserve(mapped.writePosition(), bytes);
    }

    @Override
    public boolean wantsAllocation() {
        return space.wantsMore(mapped.writePosition());
    }

    /** Takes blocks and touches their pages: the writer then meets neither allocation nor a fault. */
    @Override
    public void allocateAhead() throws IOException {
        mapping.readLock().lock();
        try {
            if (sealed) {
                return;
            }
            BytesStore<?, ?> pages = mapped.bytesStore();
            long from = space.takeStep(mapped.writePosition());
            long end = Math.min(space.allocatedEnd(), pages.realCapacity());
            for (long at = (from + PAGE - 1) / PAGE * PAGE; at + 4 <= end; at += PAGE) {
                // changes nothing, whatever the writer does there meanwhile
                pages.compareAndSwapInt(at, 0, 0);
            }
        } finally {
            mapping.readLock().unlock();
        }
    }

    @Override
    public boolean wantsWriteOut() {
        return mapped.writePosition() - writtenOut.get() >= WRITE_OUT_BYTES;
    }

    /** Only pages that the writer has left: one that is written again has to be made writable again first, which costs as much. */
    @Override
    public void writeOut() throws IOException {
        mapping.readLock().lock();
        try {
            long from = writtenOut.get();
            long end = wholePages();
            if (!sealed && from < end) {
                device.writeOut(channel, mapped.bytesStore().addressForRead(from), end - from);
                isWrittenOut(end);
            }
        } finally {
            mapping.readLock().unlock();
        }
    }

    private long wholePages() {
        int page = device.pageBytes();
        return mapped.writePosition() / page * page;
    }

    private void isWrittenOut(long end) {
        writtenOut.accumulateAndGet(end, Math::max);
    }

    @Override
    public void force() throws IOException {
        long end = wholePages();
        channel.force(false);
        isWrittenOut(end);
    }

    @Override
    public FrameSource source() {
        return source;
    }

    @Override
    public void seal() throws IOException {
        mapping.writeLock().lock();
        try {
            if (sealed) {
                return;
            }
            sealed = true;
            long end = (mapped.writePosition() + 3) & ~3L;
            appender.close();
            queue.close();
            if (channel.isOpen()) {
                channel.truncate(end); // what was taken ahead goes back to the disk
            }
        } finally {
            mapping.writeLock().unlock();
        }
    }
}
