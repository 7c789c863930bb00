package dev.holdfast.storage.log.segment;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The segment that is being written, and where the log ends: forces it, ends it and begins the next one, writes the local
 * records. {@link #force} from any thread; the rest belongs to whoever holds the partition.
 */
final class Head {

    private static final double PREPARE_FROM = 0.5;

    private static final long MARKER_BYTES = 256;
    private static final int LOCAL_FRAME_LIMIT = 4096;

    private final LogSettings settings;
    private final LogHealth health;
    private final Segments segments;
    private final LogIndex index;
    private final EncodedBatch local = new EncodedBatch();
    private final FrameBuilder frames;
    private final Object forcing = new Object();
    private final Set<SegmentFile> unsealed = ConcurrentHashMap.newKeySet();
    private final OneAtATime allocations;
    private final OneAtATime writeOuts;
    private volatile LogEnd end;
    private volatile LogEnd forced;
    private volatile @Nullable SegmentFile current;
    private long localOrdinal;
    private Lsn lastForcedMarker = Lsn.NONE;

    Head(PartitionStore store, LogSettings settings, LogHealth health, Segments segments, Recovered recovered) {
        this.settings = settings;
        this.health = health;
        this.segments = segments;
        this.index = recovered.index();
        this.allocations = new OneAtATime(settings.background());
        this.writeOuts = new OneAtATime(settings.writeOut());
        this.frames = new FrameBuilder(store.partition(), LOCAL_FRAME_LIMIT);
        this.end = recovered.end();
        this.forced = recovered.end();
    }

    LogEnd end() {
        return end;
    }

    LogEnd forcedEnd() {
        return forced;
    }

    /** The one being written; null before the first append. */
    @Nullable
    SegmentFile segment() {
        return current;
    }

    /** Everything up to {@code newEnd} is in {@code segment}. */
    void appended(LogEnd newEnd, SegmentFile segment) {
        index.appended(newEnd, segments.currentFile(), segment.position(), localOrdinal);
        end = newEnd;
        workAhead(segment);
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#force}. */
    LogEnd force() {
        synchronized (forcing) {
            health.check();
            LogEnd before = end; // read first: what is appended from here on is not covered
            SegmentFile segment = current;
            if (segment == null || before.equals(forced)) {
                return forced;
            }
            forceNow(segment);
            forced = before;
            return before;
        }
    }

    void close() {
        synchronized (forcing) {
            SegmentFile segment = current;
            try {
                if (segment != null && !health.isFailed()) {
                    LogEnd before = end;
                    forceNow(segment);
                    forced = before;
                }
                for (SegmentFile open : unsealed) {
                    open.seal();
                }
            } catch (IOException e) {
                throw health.fail("Cannot close the log", e);
            } finally {
                segments.close();
            }
        }
    }

    /** Under {@code always}: says in the log what was forced, so that recovery knows where acknowledged records end. */
    long writeForcedMarker(@Nullable SegmentFile segment) throws IOException {
        LogEnd known = forced;
        if (segment == null
                || settings.sync() != SyncPolicy.ALWAYS
                || known.lsn().equals(lastForcedMarker)) {
            return 0;
        }
        if (segment.room() < markerBytes()) {
            return 0; // the next segment says it in its first record
        }
        local.addForced(known);
        long bytes = writeLocal(segment);
        lastForcedMarker = known.lsn();
        return bytes;
    }

    long markerBytes() {
        return settings.sync() == SyncPolicy.ALWAYS ? MARKER_BYTES : 0;
    }

    /** Ends the current segment at {@code reached} and begins one that was made ahead. */
    SegmentFile roll(LogEnd reached) throws IOException {
        synchronized (forcing) {
            return begin(reached, false);
        }
    }

    /**
     * Ends the log at {@code to}: in a segment of its own, whose first records say so. What they void is in older segments,
     * the one that was being written included.
     */
    void truncate(LogEnd to) throws IOException {
        synchronized (forcing) {
            synchronized (index) {
                begin(to, true);
                end = to;
            }
        }
    }

    /** The log is empty behind {@code at}, where a checkpoint ends. The next append begins a segment. */
    List<Recovered.OldSegment> startOver(LogEnd at) throws IOException {
        synchronized (forcing) {
            for (SegmentFile open : unsealed) {
                open.seal();
            }
            unsealed.clear();
            synchronized (index) {
                current = null;
                end = at;
                forced = at;
                index.begin(at);
                return segments.removeAll();
            }
        }
    }

    private SegmentFile begin(LogEnd reached, boolean truncates) throws IOException {
        SegmentFile old = current;
        if (old != null) {
            old.force();
        }
        // one is there, but where Chronicle's own data took more than was thought
        segments.prepare(1);
        SegmentFile next = segments.takeAhead();
        LogRecord.SegmentOpened opened = new LogRecord.SegmentOpened(
                next.number(), settings.session(), settings.syncName(), segments.newest(), reached);
        localOrdinal = 0;
        local.add(opened);
        writeLocal(next);
        if (truncates) {
            local.add(new LogRecord.Truncated(reached));
            writeLocal(next);
        }
        next.force();
        lastForcedMarker = reached.lsn();
        segments.moveOn(next, opened);
        if (truncates) {
            index.truncated(reached);
        }
        index.segmentBegun(segments.currentFile(), reached);
        current = next;
        forced = reached;
        unsealed.add(next);
        if (old != null) {
            inBackground(() -> seal(old));
        }
        return next;
    }

    private long writeLocal(SegmentFile segment) throws IOException {
        frames.writeLocal(local, 0, segment.number(), localOrdinal, segment);
        localOrdinal++;
        long bytes = frames.bytesOf(local.bodyLength(0));
        local.clear();
        return bytes;
    }

    private void workAhead(SegmentFile segment) {
        if (segment.wantsAllocation()) {
            allocations.begin(() -> allocate(segment));
        }
        if (segment.filled() >= PREPARE_FROM) {
            segments.prepareInBackground();
        }
        if (segment.wantsWriteOut()) {
            writeOuts.begin(() -> writeOut(segment));
        }
    }

    private void inBackground(Runnable work) {
        try {
            settings.background().execute(work);
        } catch (RejectedExecutionException e) {
            // the node is closing or busy; what is not done ahead is done when it is due
        }
    }

    private void writeOut(SegmentFile segment) {
        try {
            if (!health.isClosed() && !health.isFailed() && segment == current) {
                segment.writeOut();
            }
        } catch (IOException | RuntimeException e) {
            health.fail("Cannot write the log, what is on the medium is not known", e);
        }
    }

    /** Of a segment that is not written any more it is of no use, and a checkpoint may be deleting it meanwhile. */
    private void allocate(SegmentFile segment) {
        try {
            if (!health.isClosed() && segment == current) {
                segment.allocateAhead();
            }
        } catch (IOException | RuntimeException e) {
            if (segment == current) {
                health.fail("Cannot allocate the log", e);
            }
        }
    }

    private void seal(SegmentFile old) {
        try {
            if (!health.isClosed()) {
                old.seal();
                unsealed.remove(old);
            }
        } catch (IOException | RuntimeException e) {
            health.fail("Cannot end a segment", e);
        }
    }

    private void forceNow(SegmentFile segment) {
        try {
            segment.force();
        } catch (IOException | RuntimeException | InternalError e) {
            throw health.fail("Cannot force the log, what is on the medium is not known", e);
        }
    }
}
