package dev.holdfast.storage.log.segment;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes and forces the highest segment. Room for a whole batch is made before its first byte is written, over as many
 * segments as it takes.
 *
 * <p>{@link #append} belongs to whoever holds the partition; {@link #force} to any thread.
 */
final class LogWriter {

    /** From three quarters full on it is forced ahead, so that the last force before a roll is short. */
    private static final double FORCE_AHEAD_FROM = 0.75;

    private static final double FORCE_AHEAD_STEP = 0.08;
    private static final double PREPARE_FROM = 0.5;

    /** What a segment's own records take at most, with slack. */
    private static final long SEGMENT_OVERHEAD = 1024;

    private static final long MARKER_BYTES = 256;

    private final PartitionStore store;
    private final LogSettings settings;
    private final LogHealth health;
    private final Segments segments;
    private final EncodedBatch batch = new EncodedBatch();
    private final EncodedBatch local = new EncodedBatch();
    private final FrameBuilder frames;
    private final CRC32C crc = new CRC32C();
    private final Object forcing = new Object();
    private final Set<SegmentFile> unsealed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean allocating = new AtomicBoolean();
    private final AtomicLong appendedBytes = new AtomicLong();
    private volatile LogEnd end;
    private volatile LogEnd forced;
    private volatile @Nullable SegmentFile current;
    private long localOrdinal;
    private Lsn lastForcedMarker = Lsn.NONE;
    private double nextForceAhead = FORCE_AHEAD_FROM;

    LogWriter(PartitionStore store, LogSettings settings, LogHealth health, Recovered recovered) {
        this.store = store;
        this.settings = settings;
        this.health = health;
        this.segments = new Segments(store, settings, health, recovered);
        this.frames = new FrameBuilder(store.partition(), settings.frameLimit());
        this.end = recovered.end();
        this.forced = recovered.end();
    }

    LogEnd end() {
        return end;
    }

    LogEnd forcedEnd() {
        return forced;
    }

    Segments segments() {
        return segments;
    }

    /** Bytes appended by this incarnation. */
    long appendedBytes() {
        return appendedBytes.get();
    }

    boolean hasAppended() {
        return appendedBytes.get() > 0;
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#append}; enters bodies that stay in the log into {@code bodies}. */
    List<LogRecord.Replicated> append(Epoch epoch, List<? extends LogRecord.Replicated> records, BodyIndex bodies) {
        if (records.isEmpty()) {
            return List.of();
        }
        checkEpoch(epoch, records);
        batch.clear();
        batch.add(records);
        makeRoom();
        try {
            return write(epoch, records, bodies);
        } catch (IOException | RuntimeException | Error e) {
            throw health.fail("Cannot append, what is written of it is not known", e);
        } finally {
            batch.clear();
        }
    }

    /** Opens a segment although there is nothing to append yet: it fixes where the older one ends. */
    void openFirstSegment() {
        segments.prepare(1);
        try {
            roll(end);
        } catch (IOException | RuntimeException | InternalError e) {
            throw health.fail("Cannot open a segment", e);
        }
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

    private void checkEpoch(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        if (epoch.compareTo(end.epoch()) < 0 || epoch.value() < 1) {
            throw new IllegalArgumentException("Not an epoch to append under: epoch=" + epoch.value() + ", last="
                    + end.epoch().value());
        }
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) instanceof LogRecord.EpochStarted started
                    && !started.epoch().equals(epoch)) {
                throw new IllegalArgumentException(
                        "An epoch begins under its own number: epoch=" + epoch.value() + ", record=" + started);
            }
        }
    }

    /** Room in the current segment, and in as many segments ahead as the rest needs. */
    private void makeRoom() {
        SegmentFile segment = current;
        List<Long> needs = new ArrayList<>(2); // of the current segment, then of each one ahead
        long room = segment == null ? 0 : segment.room();
        long need = markerBytes();
        for (int i = 0; i < batch.size(); i++) {
            long bytes = frames.bytesOf(batch.bodyLength(i));
            if (bytes > settings.segmentBytes() - SEGMENT_OVERHEAD) {
                throw new IllegalArgumentException("A record larger than a segment: bytes=" + bytes + ", segment-size="
                        + settings.segmentBytes() + "; raise segment-size or lower max-payload");
            }
            if (need + bytes > room) {
                needs.add(need);
                room = settings.segmentBytes() - SEGMENT_OVERHEAD;
                need = 0;
            }
            need += bytes;
        }
        needs.add(need);
        if (needs.size() > 1) {
            segments.prepare(needs.size() - 1);
        }
        if (segment != null) {
            reserve(segment, needs.get(0));
        }
        for (int i = 1; i < needs.size(); i++) {
            reserve(segments.ahead(i - 1), needs.get(i) + SEGMENT_OVERHEAD);
        }
    }

    private void reserve(SegmentFile segment, long bytes) {
        try {
            segment.reserve(bytes);
        } catch (NoSpaceException e) {
            throw new LogFullException(
                    "No room on the disk: partition=" + store.partition() + ", directory=" + store.path() + ", bytes="
                            + bytes + "; free space on the disk",
                    e);
        } catch (IOException | RuntimeException e) {
            throw health.fail("Cannot allocate the log", e);
        }
    }

    private List<LogRecord.Replicated> write(
            Epoch epoch, List<? extends LogRecord.Replicated> records, BodyIndex bodies) throws IOException {
        LogEnd before = end;
        frames.continueAfter(before.lsn().value(), before.hash());
        SegmentFile segment = current;
        long written = writeForcedMarker(segment);
        List<LogRecord.Replicated> kept = null;
        for (int i = 0; i < records.size(); i++) {
            long bytes = frames.bytesOf(batch.bodyLength(i));
            if (segment == null || segment.room() < bytes) {
                LogEnd reached = i == 0 ? before : new LogEnd(new Lsn(frames.position()), epoch, frames.hash());
                segment = roll(reached);
            }
            long firstPosition = frames.position() + 1;
            long offset = frames.write(batch, i, epoch.value(), segment);
            written += bytes;
            Body.Stored stored = stored(records.get(i), firstPosition, offset, bodies);
            if (stored != null) {
                kept = kept == null ? new ArrayList<>(records) : kept;
                kept.set(i, Bodies.with(records.get(i), stored));
            }
        }
        appendedBytes.addAndGet(written);
        end = new LogEnd(new Lsn(frames.position()), epoch, frames.hash());
        if (segment != null) {
            workAhead(segment);
        }
        return kept == null ? Collections.unmodifiableList(records) : kept;
    }

    private Body.@Nullable Stored stored(
            LogRecord.Replicated replicated, long firstPosition, long offset, BodyIndex bodies) {
        Body body = Bodies.of(replicated);
        if (!(body instanceof Body.Inline inline) || inline.bytes().length <= settings.inlineLimit()) {
            return null;
        }
        crc.reset();
        crc.update(inline.bytes(), 0, inline.bytes().length);
        long lsn = frames.position();
        bodies.put(lsn, new BodyIndex.Place(segments.currentFile(), offset, firstPosition, lsn, 0));
        return new Body.Stored(new Lsn(lsn), inline.bytes().length, (int) crc.getValue());
    }

    /** Under {@code always}: says in the log what was forced, so that recovery knows where acknowledged records end. */
    private long writeForcedMarker(@Nullable SegmentFile segment) throws IOException {
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
        frames.writeLocal(local, 0, segment.number(), localOrdinal, segment);
        localOrdinal++;
        long bytes = frames.bytesOf(local.bodyLength(0));
        local.clear();
        lastForcedMarker = known.lsn();
        return bytes;
    }

    private long markerBytes() {
        return settings.sync() == SyncPolicy.ALWAYS ? MARKER_BYTES : 0;
    }

    /** Ends the current segment at {@code reached} and begins one that was made ahead. */
    private SegmentFile roll(LogEnd reached) throws IOException {
        synchronized (forcing) {
            SegmentFile old = current;
            if (old != null) {
                old.force();
            }
            // one is there, but where Chronicle's own data took more than was thought
            segments.prepare(1);
            SegmentFile next = segments.takeAhead();
            LogRecord.SegmentOpened opened = new LogRecord.SegmentOpened(
                    next.number(), settings.session(), settings.syncName(), segments.newest(), reached);
            local.add(opened);
            frames.writeLocal(local, 0, next.number(), 0, next);
            local.clear();
            next.force();
            localOrdinal = 1;
            lastForcedMarker = reached.lsn();
            nextForceAhead = FORCE_AHEAD_FROM;
            segments.moveOn(next, opened);
            current = next;
            forced = reached;
            unsealed.add(next);
            if (old != null) {
                inBackground(() -> seal(old));
            }
            return next;
        }
    }

    private void workAhead(SegmentFile segment) {
        if (segment.wantsAllocation() && allocating.compareAndSet(false, true)) {
            inBackground(() -> allocate(segment));
        }
        double filled = segment.filled();
        if (filled >= PREPARE_FROM) {
            segments.prepareInBackground();
        }
        if (filled >= nextForceAhead) {
            nextForceAhead = filled + FORCE_AHEAD_STEP;
            inBackground(this::forceAhead);
        }
    }

    private void inBackground(Runnable work) {
        try {
            settings.background().execute(work);
        } catch (RejectedExecutionException e) {
            allocating.set(false); // the node is closing or busy; what is not done ahead is done when it is due
        }
    }

    private void forceAhead() {
        if (!health.isClosed() && !health.isFailed()) {
            try {
                force();
            } catch (LogFailedException e) {
                // noted in health: the next append or force throws it to somebody who waits
            }
        }
    }

    private void allocate(SegmentFile segment) {
        try {
            if (!health.isClosed()) {
                segment.allocateAhead();
            }
        } catch (IOException | RuntimeException e) {
            health.fail("Cannot allocate the log", e);
        } finally {
            allocating.set(false);
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
