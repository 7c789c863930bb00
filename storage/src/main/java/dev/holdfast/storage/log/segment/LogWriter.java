package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.frame.CopiedFile;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameBuilder;
import dev.holdfast.storage.log.frame.RunParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes the highest segment. Room for a whole batch is made before its first byte is written, over as many segments as it
 * takes. Belongs to whoever holds the partition; the getters to any thread.
 */
final class LogWriter {

    /** What a segment's own records take at most, with slack. */
    private static final long SEGMENT_OVERHEAD = 1024;

    private final PartitionStore store;
    private final LogSettings settings;
    private final LogHealth health;
    private final Segments segments;
    private final Head head;
    private final EncodedBatch batch = new EncodedBatch();
    private final FrameBuilder frames;
    private final CRC32C crc = new CRC32C();
    private final AtomicLong appendedBytes = new AtomicLong();
    private @Nullable RunParser parser;

    LogWriter(PartitionStore store, LogSettings settings, LogHealth health, Recovered recovered) {
        this.store = store;
        this.settings = settings;
        this.health = health;
        this.segments = new Segments(store, settings, health, recovered);
        this.head = new Head(store, settings, health, segments, recovered);
        this.frames = new FrameBuilder(store.partition(), settings.frameLimit());
    }

    LogEnd end() {
        return head.end();
    }

    LogEnd forcedEnd() {
        return head.forcedEnd();
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
        return records.isEmpty() ? List.of() : append(epoch, records, bodies, null);
    }

    /** As {@link dev.holdfast.storage.log.ReplicatedLog#appendOwn}. */
    AppendedRun appendOwn(Epoch epoch, List<? extends LogRecord.Replicated> records, BodyIndex bodies) {
        LogEnd before = end();
        CopiedFile copy = new CopiedFile();
        List<LogRecord.Replicated> kept = append(epoch, records, bodies, copy);
        return new AppendedRun(kept, new ReplicatedRun(before, end(), copy.documents()));
    }

    private List<LogRecord.Replicated> append(
            Epoch epoch, List<? extends LogRecord.Replicated> records, BodyIndex bodies, @Nullable CopiedFile copy) {
        checkEpoch(epoch, records);
        batch.clear();
        batch.add(records);
        makeRoom(batch.size(), index -> frames.bytesOf(batch.bodyLength(index)));
        if (copy != null) {
            copy.expect(batchBytes());
        }
        try {
            return write(epoch, records, bodies, copy);
        } catch (IOException | RuntimeException | Error e) {
            throw health.fail("Cannot append, what is written of it is not known", e);
        } finally {
            batch.clear();
        }
    }

    private int batchBytes() {
        long bytes = 0;
        for (int i = 0; i < batch.size(); i++) {
            bytes += frames.bytesOf(batch.bodyLength(i));
        }
        return Math.toIntExact(bytes);
    }

    /** As {@link dev.holdfast.storage.log.ReplicatedLog#appendCopy}. */
    List<LogRecord.Replicated> appendCopy(ReplicatedRun run, BodyIndex bodies) {
        if (!run.before().equals(end())) {
            throw new IllegalArgumentException("It does not follow on the log: partition=" + store.partition()
                    + ", run begins at " + run.before() + ", log ends at " + end());
        }
        RunParser checking = parser == null ? new RunParser(store.partition(), settings.inlineLimit()) : parser;
        parser = checking;
        List<RunParser.Part> parts = checking.parse(run);
        makeRoom(parts.size(), index -> parts.get(index).bytes());
        try {
            return write(run, parts, checking, bodies);
        } catch (IOException | RuntimeException | Error e) {
            throw health.fail("Cannot append, what is written of it is not known", e);
        }
    }

    /** Opens a segment although there is nothing to append yet: it fixes where the older one ends. */
    void openFirstSegment() {
        segments.prepare(1);
        try {
            head.roll(end());
        } catch (IOException | RuntimeException | InternalError e) {
            throw health.fail("Cannot open a segment", e);
        }
    }

    /** Makes the room that {@link #truncate} takes. */
    void prepareTruncation() {
        segments.prepare(1);
        reserve(segments.ahead(0), SEGMENT_OVERHEAD);
    }

    /** Everything above {@code to} is void from now on, and that is forced; {@link #prepareTruncation} went before. */
    void truncate(LogEnd to) {
        try {
            head.truncate(to);
        } catch (IOException | RuntimeException | InternalError e) {
            throw health.fail("Cannot truncate, whether it is done is not known", e);
        }
    }

    /** As {@link Head#startOver}. */
    List<Recovered.OldSegment> startOver(LogEnd at) throws IOException {
        return head.startOver(at);
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#force}. */
    LogEnd force() {
        return head.force();
    }

    void close() {
        head.close();
    }

    private void checkEpoch(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        if (epoch.compareTo(end().epoch()) < 0 || epoch.value() < 1) {
            throw new IllegalArgumentException("Not an epoch to append under: epoch=" + epoch.value() + ", last="
                    + end().epoch().value());
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
    private void makeRoom(int count, IntToLongFunction bytesOf) {
        SegmentFile segment = head.segment();
        List<Long> needs = new ArrayList<>(2); // of the current segment, then of each one ahead
        long room = segment == null ? 0 : segment.room();
        long need = head.markerBytes();
        for (int i = 0; i < count; i++) {
            long bytes = bytesOf.applyAsLong(i);
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
            Epoch epoch, List<? extends LogRecord.Replicated> records, BodyIndex bodies, @Nullable CopiedFile copy)
            throws IOException {
        LogEnd before = end();
        frames.continueAfter(before.lsn().value(), before.hash());
        SegmentFile segment = head.segment();
        long written = head.writeForcedMarker(segment);
        List<LogRecord.Replicated> kept = null;
        for (int i = 0; i < records.size(); i++) {
            long bytes = frames.bytesOf(batch.bodyLength(i));
            if (segment == null || segment.room() < bytes) {
                LogEnd reached = i == 0 ? before : new LogEnd(new Lsn(frames.position()), epoch, frames.hash());
                segment = head.roll(reached);
            }
            long firstPosition = frames.position() + 1;
            long offset = frames.write(batch, i, epoch.value(), copy == null ? segment : copy.to(segment));
            written += bytes;
            Body.Stored stored = stored(records.get(i), firstPosition, offset, bodies);
            if (stored != null) {
                kept = kept == null ? new ArrayList<>(records) : kept;
                kept.set(i, Bodies.with(records.get(i), stored));
            }
        }
        appendedBytes.addAndGet(written);
        if (segment != null) {
            head.appended(new LogEnd(new Lsn(frames.position()), epoch, frames.hash()), segment);
        }
        return kept == null ? Collections.unmodifiableList(records) : kept;
    }

    private List<LogRecord.Replicated> write(
            ReplicatedRun run, List<RunParser.Part> parts, RunParser writing, BodyIndex bodies) throws IOException {
        LogEnd reached = run.before();
        SegmentFile segment = head.segment();
        long written = head.writeForcedMarker(segment);
        List<LogRecord.Replicated> kept = new ArrayList<>(parts.size());
        for (RunParser.Part part : parts) {
            if (segment == null || segment.room() < part.bytes()) {
                segment = head.roll(reached);
            }
            long offset = writing.write(run, part, segment);
            written += part.bytes();
            reached = part.reached();
            LogRecord.Replicated replicated = part.replicated();
            if (replicated == null) {
                continue;
            }
            if (Bodies.of(replicated) instanceof Body.Stored stored) {
                long lsn = stored.lsn().value();
                bodies.put(lsn, new BodyIndex.Place(segments.currentFile(), offset, part.firstPosition(), lsn, 0));
            }
            kept.add(replicated);
        }
        appendedBytes.addAndGet(written);
        if (segment != null) {
            head.appended(reached, segment);
        }
        return kept;
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
}
