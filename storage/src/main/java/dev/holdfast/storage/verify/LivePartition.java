package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.RunningHash;
import dev.holdfast.storage.log.frame.SnapshotDecoder;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.io.IOException;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a node writes while it is read: its files, held open, and the committed end that the node told before they
 * were opened. What lies behind that end is under way and nobody's business; what a checkpoint deletes meanwhile is held.
 *
 * @param end everything up to here is whole in {@code store}
 * @param checkpoint of the newest checkpoint; null if there is none, or it does not say
 */
record LivePartition(PinnedStore store, LogEnd end, SnapshotDecoder.@Nullable Begin checkpoint)
        implements AutoCloseable {

    /** Files are made or deleted a few times in a minute: this many looks in vain have another reason. */
    private static final int LOOKS = 100;

    /**
     * Empty if the partition refuses.
     *
     * @throws IOException the node does not answer, or the files change all the time
     */
    static Optional<LivePartition> open(PartitionStore store, LiveEnds ends) throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            Optional<LogEnd> end = ends.writtenEnd(store.partition());
            if (end.isEmpty()) {
                return Optional.empty();
            }
            Optional<PinnedStore> pinned = PinnedStore.open(store);
            if (pinned.isPresent()) {
                LivePartition found = new LivePartition(pinned.get(), end.get(), beginOf(pinned.get()));
                SnapshotDecoder.Begin checkpoint = found.checkpoint();
                if (checkpoint == null
                        || checkpoint.at().lsn().compareTo(end.get().lsn()) <= 0) {
                    return Optional.of(found);
                }
                found.close(); // it was written after the node told the end
            }
        }
        throw new IOException("The files of a partition change faster than they can be opened: partition="
                + store.partition() + ", looks=" + LOOKS + "; try again");
    }

    private static SnapshotDecoder.@Nullable Begin beginOf(PinnedStore store) throws IOException {
        List<Long> checkpoints = store.contents().checkpoints();
        if (checkpoints.isEmpty()) {
            return null;
        }
        long number = checkpoints.get(0);
        try (FrameSource source = store.openCheckpoint(number)) {
            FrameScan scan = new FrameScan(source, store.partition(), number);
            scan.continueAfter(0, RunningHash.EMPTY, 0);
            boolean begins =
                    scan.next() == FrameScan.Step.RECORD && scan.image().type() == RecordType.CHECKPOINT_BEGIN;
            return begins ? new SnapshotDecoder().decodeBegin(scan.image()) : null;
        } catch (UnreadableRecordException newer) {
            return null; // who reads it whole says so
        }
    }

    /**
     * The segments that are needed, with where each ends: where the next one says, the last at {@link #end}. Not those that
     * the checkpoint replaces, and not what was made after the end was told.
     */
    List<SegmentReader.Extent> extents(SegmentReader reader) throws IOException {
        long first = checkpoint == null ? 0 : checkpoint.firstSegment();
        List<Long> needed = store.contents().segments().stream()
                .filter(number -> number >= first)
                .toList();
        LinkedList<SegmentReader.Extent> extents = new LinkedList<>();
        LogEnd reached = end;
        for (int i = needed.size() - 1; i >= 0; i--) {
            LogRecord.SegmentOpened opened = reader.opened(needed.get(i));
            boolean last = extents.isEmpty();
            if (last && (opened == null ? i > 0 : isBehindEnd(opened))) {
                continue; // made ahead, or being begun
            }
            extents.addFirst(new SegmentReader.Extent(needed.get(i), reached));
            reached = opened == null ? reached : SegmentReader.lower(opened.acceptedEnd(), reached);
        }
        return extents;
    }

    private boolean isBehindEnd(LogRecord.SegmentOpened opened) {
        return opened.acceptedEnd().lsn().compareTo(end.lsn()) > 0;
    }

    @Override
    public void close() {
        store.close();
    }
}
