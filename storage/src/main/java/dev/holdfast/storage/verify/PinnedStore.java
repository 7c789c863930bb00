package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.segment.PartitionStore;
import dev.holdfast.storage.log.segment.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The segments and the newest checkpoint of a partition as they were at one moment, held open: a file that is deleted
 * afterwards can be read to its end all the same. Read only. One thread.
 */
final class PinnedStore implements PartitionStore, AutoCloseable {

    private final PartitionStore store;
    private final Map<Long, FrameSource> segments = new LinkedHashMap<>();
    private final Map<Long, FrameSource> checkpoints = new LinkedHashMap<>();

    private PinnedStore(PartitionStore store) {
        this.store = store;
    }

    /** Empty if something was made or deleted meanwhile: try again. */
    static Optional<PinnedStore> open(PartitionStore store) throws IOException {
        PinnedStore pinned = new PinnedStore(store);
        boolean whole = false;
        try {
            Contents before = store.contents();
            for (long number : before.segments()) {
                pinned.segments.put(number, store.openSegment(number));
            }
            List<Long> all = before.checkpoints();
            if (!all.isEmpty()) {
                long newest = all.get(all.size() - 1);
                pinned.checkpoints.put(newest, store.openCheckpoint(newest));
            }
            whole = before.equals(store.contents());
        } catch (NoSuchFileException deleted) {
            // a checkpoint replaces it
        } finally {
            if (!whole) {
                pinned.close();
            }
        }
        return whole ? Optional.of(pinned) : Optional.empty();
    }

    @Override
    public PartitionId partition() {
        return store.partition();
    }

    @Override
    public Path path() {
        return store.path();
    }

    @Override
    public Contents contents() {
        return new Contents(List.copyOf(segments.keySet()), List.copyOf(checkpoints.keySet()));
    }

    @Override
    public FrameSource openSegment(long number) throws IOException {
        return pinned(segments, number);
    }

    @Override
    public FrameSource openCheckpoint(long number) throws IOException {
        return pinned(checkpoints, number);
    }

    private static FrameSource pinned(Map<Long, FrameSource> files, long number) throws IOException {
        FrameSource source = files.get(number);
        if (source == null) {
            throw new NoSuchFileException(Long.toString(number));
        }
        return new Shared(source);
    }

    /** Reads, and leaves the closing to this store. */
    private record Shared(FrameSource source) implements FrameSource {
        @Override
        public Path file() {
            return source.file();
        }

        @Override
        public long size() throws IOException {
            return source.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return source.read(target, position);
        }

        @Override
        public void close() {
            // see PinnedStore.close
        }
    }

    @Override
    public long usableBytes() {
        return 0;
    }

    @Override
    public void close() {
        segments.values().forEach(FrameSource::close);
        checkpoints.values().forEach(FrameSource::close);
    }

    @Override
    public SegmentFile createSegment(long number) {
        throw readOnly();
    }

    @Override
    public void forceSegment(long number) {
        throw readOnly();
    }

    @Override
    public void deleteSegment(long number) {
        throw readOnly();
    }

    @Override
    public Path setAsideSegment(long number) {
        throw readOnly();
    }

    @Override
    public Path setAsideTail(long number, long offset) {
        throw readOnly();
    }

    @Override
    public CheckpointFile createCheckpoint(long number) {
        throw readOnly();
    }

    @Override
    public FrameSource openUnpublished(long number) {
        throw readOnly();
    }

    @Override
    public void publishCheckpoint(long number) {
        throw readOnly();
    }

    @Override
    public void deleteCheckpoint(long number) {
        throw readOnly();
    }

    @Override
    public void discardUnpublished() {
        throw readOnly();
    }

    @Override
    public void writeIncoming(long offset, byte[] bytes) {
        throw readOnly();
    }

    @Override
    public FrameSource openIncoming() {
        throw readOnly();
    }

    @Override
    public void discardIncoming() {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("The files of a node that runs are only read");
    }
}
