package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.ReadFailedException;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log: newest checkpoint, then every segment behind it, each up to where the next one says it ends; the highest up
 * to where {@link Tail} says. Nothing is deleted that could not be read, and with {@code readOnly} nothing is changed at
 * all. One thread, once.
 */
final class Recovery {

    private final PartitionStore store;
    private final PartitionId partition;
    private final LogMarks marks;
    private final boolean readOnly;
    private final RecordDecoder decoder;
    private final BodyIndex bodies;
    private final LogIndex index = new LogIndex();
    private final ReplaySink sink;
    private final ByteBuffer window = FrameScan.newWindow();
    private LogEnd checkpointEnd = LogEnd.EMPTY;
    private LogEnd end = LogEnd.EMPTY;
    private long bytesSinceCheckpoint;
    private boolean tailLost;

    /** Where records that are missing may have been. */
    private SegmentList.@Nullable Unused unused;

    Recovery(PartitionStore store, LogMarks marks, long inlineLimit, ReplayHandler handler, boolean readOnly) {
        this.store = store;
        this.partition = store.partition();
        this.marks = marks;
        this.readOnly = readOnly;
        this.decoder = new RecordDecoder(inlineLimit);
        this.bodies = new BodyIndex(partition);
        this.sink = new ReplaySink(handler, bodies);
    }

    /** @throws LogDamagedException the log is damaged; the handler has seen a part of it */
    Recovered run() throws IOException {
        try {
            return readAll();
        } catch (ReadFailedException e) {
            // a bad place of the medium is damage of this partition's: the others serve
            throw new LogDamagedException(new LogDamage(
                    partition, e.file(), e.offset(), "bytes that can be read", String.valueOf(e.getCause())));
        }
    }

    private Recovered readAll() throws IOException {
        PartitionStore.Contents contents = store.contents();
        List<Long> checkpoints = contents.checkpoints();
        long newest = checkpoints.isEmpty() ? -1 : checkpoints.get(checkpoints.size() - 1);
        Optional<FileHandle> checkpoint = Optional.empty();
        long firstSegment = -1;
        if (newest >= 0) {
            Path name = store.path().resolve("checkpoint-" + newest);
            FileHandle file = new FileHandle(newest, name, () -> store.openCheckpoint(newest));
            firstSegment = readCheckpoint(file).firstSegment();
            checkpoint = Optional.of(file);
        }
        SegmentList segments = new SegmentList(store, decoder);
        segments.read(contents.segments(), firstSegment);
        unused = segments.unused();
        checkFirst(segments.opened(), firstSegment);
        List<String> notes = new ArrayList<>();
        readSegments(segments.opened(), notes);
        if (!readOnly) {
            // only now: a partition that refuses is left as it is
            store.discardUnpublished();
            store.discardIncoming();
            notes.addAll(0, segments.tidy());
            for (long older : checkpoints.subList(0, Math.max(0, checkpoints.size() - 1))) {
                store.deleteCheckpoint(older);
            }
        }
        long highest = contents.segments().isEmpty()
                ? firstSegment
                : contents.segments().get(contents.segments().size() - 1);
        return new Recovered(
                end,
                segments.opened(),
                checkpoint,
                checkpointEnd,
                index,
                bodies,
                sink.count(),
                sink.nextSequence(),
                notes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", notes)),
                tailLost,
                Math.max(highest, firstSegment) + 1,
                newest + 1,
                bytesSinceCheckpoint);
    }

    private CheckpointSummary readCheckpoint(FileHandle file) throws IOException {
        FrameSource source = file.acquire();
        if (source == null) {
            throw new IllegalStateException("A checkpoint was closed before it was read");
        }
        try {
            CheckpointSummary summary = new CheckpointReader(source, partition, file.number())
                    .read((item, image) -> sink.item(item, image, file));
            checkpointEnd = summary.at();
            end = checkpointEnd;
            return summary;
        } finally {
            file.release();
        }
    }

    /**
     * The oldest segment must be the first one ever, or go on with the checkpoint, which is seen when it is read. Behind a
     * checkpoint that another replica gave there may be none yet.
     */
    private void checkFirst(List<Recovered.OldSegment> segments, long firstNeeded) {
        if (segments.isEmpty()) {
            if (marks.mark().compareTo(checkpointEnd.lsn()) > 0) {
                String expected = "records up to lsn=" + marks.mark().value();
                throw unused == null
                        ? damaged(store.path(), -1, expected, "no segment")
                        : damaged(unused.file(), unused.offset(), expected, "no whole record");
            }
            return;
        }
        Recovered.OldSegment first = segments.get(0);
        if (firstNeeded < 0 && first.opened().previousSegment() >= 0) {
            throw damaged(
                    first.file().file(), -1, "segment=" + first.opened().previousSegment() + " before it", "none");
        }
    }

    private void readSegments(List<Recovered.OldSegment> segments, List<String> notes) throws IOException {
        index.begin(checkpointEnd);
        boolean first = true;
        for (int i = 0; i < segments.size(); i++) {
            Recovered.OldSegment segment = segments.get(i);
            boolean last = i == segments.size() - 1;
            LogEnd begin = segment.opened().acceptedEnd();
            LogEnd limit = last ? null : SegmentList.endOf(segments, i);
            if (limit != null && limit.lsn().compareTo(begin.lsn()) <= 0) {
                continue; // empty, or voided whole by a truncation
            }
            // the first one may begin before the checkpoint's position; what it has up to there is in the checkpoint
            boolean continues = begin.equals(end) || (first && begin.lsn().compareTo(end.lsn()) < 0);
            if (!continues) {
                throw damaged(
                        segment.file().file(), -1, "a segment that begins at " + begin, "a log that ends at " + end);
            }
            if (first) {
                index.begin(begin);
            }
            first = false;
            readSegment(segment, limit, notes);
            if (last && !readOnly) {
                // what the dead process did not force has to be on the medium before anybody relies on it
                store.forceSegment(segment.opened().segment());
            }
        }
        index.epochEnded(end);
    }

    private void readSegment(Recovered.OldSegment segment, @Nullable LogEnd limit, List<String> notes)
            throws IOException {
        FrameSource source = segment.file().acquire();
        if (source == null) {
            throw new IllegalStateException("A segment was closed before it was read");
        }
        try {
            index.segmentBegun(segment.file(), segment.opened().acceptedEnd());
            readSegment(segment, source, limit, notes);
        } finally {
            segment.file().release();
        }
    }

    private void readSegment(
            Recovered.OldSegment segment, FrameSource source, @Nullable LogEnd limit, List<String> notes)
            throws IOException {
        FrameScan scan = new FrameScan(source, partition, segment.opened().segment(), window);
        LogEnd begin = segment.opened().acceptedEnd();
        scan.continueAfter(begin.lsn().value(), begin.hash(), begin.epoch().value());
        long checkpointLsn = checkpointEnd.lsn().value();
        FrameScan.Step step = FrameScan.Step.END;
        if (begin.lsn().value() < checkpointLsn) {
            step = walk(
                    scan,
                    segment,
                    Math.min(
                            checkpointLsn,
                            limit == null ? Long.MAX_VALUE : limit.lsn().value()));
            checkReached(scan, step, source, checkpointEnd);
        }
        long bytesBefore = scan.offset();
        step = walk(scan, segment, limit == null ? Long.MAX_VALUE : limit.lsn().value());
        bytesSinceCheckpoint += scan.offset() - Math.max(bytesBefore, scan.firstFrame());
        if (limit != null) {
            end = scan.end();
            checkReached(scan, step, source, limit);
            return;
        }
        end = scan.wholeEnd();
        boolean unfinished = !end.equals(scan.end());
        long offset = scan.offset();
        Tail.Verdict verdict =
                new Tail(partition, marks, decoder, unused).judge(scan, step, source, segment.opened(), end);
        tailLost = verdict.lost();
        if (verdict.torn() || unfinished) {
            notes.add(tornNote(segment, source, offset, verdict));
        }
    }

    private String tornNote(Recovered.OldSegment segment, FrameSource source, long offset, Tail.Verdict verdict)
            throws IOException {
        String where = "file=" + source.file() + ", offset=" + offset + ", lsn="
                + end.lsn().value();
        if (!verdict.lost()) {
            return "a record that was being written when the process died: " + where;
        }
        return "what follows the last whole record after a loss of the page cache: " + where
                + (readOnly
                        ? ""
                        : ", kept in " + store.setAsideTail(segment.opened().segment(), offset));
    }

    /** Reads and hands over up to the record that ends at {@code lastLsn}. */
    private FrameScan.Step walk(FrameScan scan, Recovered.OldSegment segment, long lastLsn) throws IOException {
        scan.endAt(lastLsn);
        long epoch = scan.epoch();
        while (true) {
            FrameScan.Step step = scan.next();
            if (step != FrameScan.Step.RECORD) {
                return step;
            }
            RecordType type = scan.image().type();
            if (type.kind() == RecordType.Kind.REPLICATED) {
                if (scan.epoch() != epoch) {
                    index.epochEnded(scan.previousEpochEnd());
                    epoch = scan.epoch();
                }
                if (index.wantsPlace(scan.offset())) {
                    index.appended(scan.end(), segment.file(), scan.offset(), scan.localOrdinal());
                }
                if (scan.position() > checkpointEnd.lsn().value()) {
                    sink.replicated(decoder.decode(scan.image()), scan.image(), segment.file());
                }
            } else if (type == RecordType.TRUNCATED) {
                checkTruncated(scan, segment);
            } else if (type != RecordType.SEGMENT_OPENED && type != RecordType.FORCED) {
                throw new UnreadableRecordException(scan.image(), "this version has no use for it in a segment", null);
            }
        }
    }

    /** It says again, as the second record, what the first one said: that the log goes on lower than it was. */
    private void checkTruncated(FrameScan scan, Recovered.OldSegment segment) {
        LogEnd to = decoder.decodeTruncated(scan.image()).end();
        LogEnd begin = segment.opened().acceptedEnd();
        if (!to.equals(begin) || scan.localOrdinal() != 2 || !scan.end().equals(begin)) {
            throw new LogDamagedException(new LogDamage(
                    partition,
                    segment.file().file(),
                    scan.image().offset(),
                    "a truncation to where the segment begins, " + begin,
                    "one to " + to + " at lsn=" + scan.position()));
        }
    }

    /** A segment that is not the highest must go as far as the next one says, and with this hash. */
    private void checkReached(FrameScan scan, FrameScan.Step step, FrameSource source, LogEnd target) {
        if (scan.position() != target.lsn().value()) {
            throw step == FrameScan.Step.BAD
                    ? new LogDamagedException(scan.damage())
                    : new LogDamagedException(new LogDamage(
                            partition,
                            source.file(),
                            scan.offset(),
                            "records up to lsn=" + target.lsn().value(),
                            "records up to lsn=" + scan.position()));
        }
        if (scan.hash() != target.hash()) {
            throw new LogDamagedException(new LogDamage(
                    partition,
                    source.file(),
                    scan.offset(),
                    "hash=" + Long.toHexString(target.hash()) + " at lsn=" + scan.position(),
                    "hash=" + Long.toHexString(scan.hash())));
        }
    }

    private LogDamagedException damaged(Path file, long offset, String expected, String found) {
        return new LogDamagedException(new LogDamage(partition, file, offset, expected, found));
    }
}
