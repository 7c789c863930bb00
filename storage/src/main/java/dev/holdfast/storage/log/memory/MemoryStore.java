package dev.holdfast.storage.log.memory;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.segment.NoSpaceException;
import dev.holdfast.storage.log.segment.PartitionStore;
import dev.holdfast.storage.log.segment.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import net.openhft.chronicle.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** One partition's files in memory. What a process that was killed leaves is what is in here. */
final class MemoryStore implements PartitionStore {

    private final PartitionId partition;
    private final long segmentBytes;
    private final Map<Long, MemoryFile> segments = new ConcurrentSkipListMap<>();
    private final Map<Long, MemoryFile> checkpoints = new ConcurrentSkipListMap<>();
    private final Map<Long, MemoryFile> unpublished = new ConcurrentSkipListMap<>();
    private final Map<Path, MemoryFile> aside = new ConcurrentSkipListMap<>();
    private @Nullable MemoryFile incoming;
    private volatile long usableBytes = Long.MAX_VALUE / 2;
    private volatile @Nullable IOException forceFailure;

    MemoryStore(PartitionId partition, long segmentBytes) {
        this.partition = partition;
        this.segmentBytes = segmentBytes;
    }

    Map<Long, MemoryFile> segments() {
        return segments;
    }

    Map<Long, MemoryFile> checkpoints() {
        return checkpoints;
    }

    void usableBytes(long bytes) {
        usableBytes = bytes;
    }

    void failForcesWith(@Nullable IOException failure) {
        forceFailure = failure;
    }

    /** Replaces what processes that are gone still hold by copies. */
    void detach() {
        segments.replaceAll((number, file) -> file.copy(file.file()));
        checkpoints.replaceAll((number, file) -> file.copy(file.file()));
    }

    @Override
    public PartitionId partition() {
        return partition;
    }

    @Override
    public Path path() {
        return Path.of("memory", "partition-" + partition);
    }

    @Override
    public Contents contents() {
        return new Contents(new ArrayList<>(segments.keySet()), new ArrayList<>(checkpoints.keySet()));
    }

    @Override
    public SegmentFile createSegment(long number) throws IOException {
        checkSpace(0);
        MemoryFile file = new MemoryFile(path().resolve("segment-" + number));
        segments.put(number, file);
        return new MemorySegment(number, file);
    }

    @Override
    public FrameSource openSegment(long number) throws IOException {
        return opened(segments.get(number), "segment-" + number);
    }

    @Override
    public void forceSegment(long number) throws IOException {
        force(opened(segments.get(number), "segment-" + number));
    }

    @Override
    public void deleteSegment(long number) {
        segments.remove(number);
    }

    @Override
    public Path setAsideSegment(long number) throws IOException {
        Path name = path().resolve("set-aside").resolve("segment-" + number);
        aside.put(name, opened(segments.remove(number), "segment-" + number));
        return name;
    }

    @Override
    public Path setAsideTail(long number, long offset) throws IOException {
        Path name = path().resolve("set-aside").resolve("segment-" + number + "-from-" + offset);
        aside.put(name, opened(segments.get(number), "segment-" + number).copy(name));
        return name;
    }

    @Override
    public CheckpointFile createCheckpoint(long number) throws IOException {
        checkSpace(0);
        MemoryFile file = new MemoryFile(path().resolve("checkpoint-" + number));
        unpublished.put(number, file);
        return new MemoryCheckpoint(file);
    }

    @Override
    public FrameSource openUnpublished(long number) throws IOException {
        return opened(unpublished.get(number), "checkpoint-" + number);
    }

    @Override
    public void publishCheckpoint(long number) throws IOException {
        checkpoints.put(number, opened(unpublished.remove(number), "checkpoint-" + number));
    }

    @Override
    public FrameSource openCheckpoint(long number) throws IOException {
        return opened(checkpoints.get(number), "checkpoint-" + number);
    }

    @Override
    public void deleteCheckpoint(long number) {
        checkpoints.remove(number);
    }

    @Override
    public void discardUnpublished() {
        unpublished.clear();
    }

    @Override
    public void writeIncoming(long offset, byte[] bytes) throws IOException {
        checkSpace(bytes.length);
        MemoryFile file = offset == 0 ? new MemoryFile(path().resolve("checkpoint-incoming")) : incoming;
        if (file == null || file.size() != offset) {
            throw new IllegalArgumentException("Not the next piece: offset=" + offset);
        }
        byte[] longer = Arrays.copyOf(file.content(), Math.toIntExact(offset + bytes.length));
        System.arraycopy(bytes, 0, longer, Math.toIntExact(offset), bytes.length);
        file.content(longer);
        incoming = file;
    }

    @Override
    public FrameSource openIncoming() throws IOException {
        return opened(incoming, "checkpoint-incoming");
    }

    @Override
    public void discardIncoming() {
        incoming = null;
    }

    @Override
    public long usableBytes() {
        return usableBytes;
    }

    private void checkSpace(long bytes) throws NoSpaceException {
        if (usableBytes <= bytes) {
            throw new NoSpaceException("The medium is full: usable=" + usableBytes + ", wanted=" + bytes, null);
        }
    }

    private void force(MemoryFile file) throws IOException {
        IOException failure = forceFailure;
        if (failure != null) {
            throw failure;
        }
        file.force();
    }

    private static MemoryFile opened(@Nullable MemoryFile file, String name) throws NoSuchFileException {
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }

    private final class MemoryCheckpoint implements CheckpointFile {

        private final MemoryFile file;

        MemoryCheckpoint(MemoryFile file) {
            this.file = file;
        }

        @Override
        public long append(Bytes<ByteBuffer> frame) throws IOException {
            checkSpace(frame.readRemaining());
            return file.append(frame);
        }

        @Override
        public long position() {
            return file.size();
        }

        @Override
        public void force() throws IOException {
            MemoryStore.this.force(file);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    private final class MemorySegment implements SegmentFile {

        private final long number;
        private final MemoryFile file;

        MemorySegment(long number, MemoryFile file) {
            this.number = number;
            this.file = file;
        }

        @Override
        public long number() {
            return number;
        }

        @Override
        public long append(Bytes<ByteBuffer> frame) {
            return file.append(frame);
        }

        @Override
        public long position() {
            return file.size();
        }

        @Override
        public long room() {
            return segmentBytes - file.size();
        }

        @Override
        public double filled() {
            return (double) file.size() / segmentBytes;
        }

        @Override
        public void reserve(long bytes) throws NoSpaceException {
            checkSpace(bytes);
        }

        @Override
        public boolean wantsWriteOut() {
            return false;
        }

        @Override
        public void writeOut() {}

        @Override
        public boolean wantsAllocation() {
            return false;
        }

        @Override
        public void allocateAhead() {
            // an array grows by itself
        }

        @Override
        public void force() throws IOException {
            MemoryStore.this.force(file);
        }

        @Override
        public FrameSource source() {
            return file;
        }

        @Override
        public void seal() {
            // nothing was taken ahead
        }
    }
}
