package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordImage;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one segment for itself, whatever the others look like. One thread. */
final class SegmentReader {

    /** No body is left in the file: what is shown or checked is the whole record. */
    private static final long ALL_INLINE = Long.MAX_VALUE;

    private final PartitionStore store;
    private final RecordDecoder decoder = new RecordDecoder(ALL_INLINE);
    private final ByteBuffer window = FrameScan.newWindow();

    /** Takes records; {@code image} is valid during the call only. */
    interface Handler {

        /** Returns false to stop. */
        boolean onReplicated(FrameSource source, RecordImage image, LogRecord.Replicated replicated) throws IOException;

        /** Returns false to stop. */
        boolean onLocal(FrameSource source, RecordImage image, Record local) throws IOException;
    }

    /** Only looks. */
    static final Handler NOBODY = new Handler() {
        @Override
        public boolean onReplicated(FrameSource source, RecordImage image, LogRecord.Replicated replicated) {
            return true;
        }

        @Override
        public boolean onLocal(FrameSource source, RecordImage image, Record local) {
            return true;
        }
    };

    SegmentReader(PartitionStore store) {
        this.store = store;
    }

    /**
     * A segment.
     *
     * @param acceptedEnd where the next segment says that this one ends; null where none says so
     */
    record Extent(long number, @Nullable LogEnd acceptedEnd) {}

    /** What the first records of {@code segments}, oldest first, say of each other. */
    List<Extent> extents(List<Long> segments) throws IOException {
        LinkedList<Extent> extents = new LinkedList<>();
        LogEnd end = null;
        for (int i = segments.size() - 1; i >= 0; i--) {
            extents.addFirst(new Extent(segments.get(i), end));
            LogRecord.SegmentOpened opened = opened(segments.get(i));
            end = opened == null ? end : lower(opened.acceptedEnd(), end);
        }
        return extents;
    }

    /** A segment ends where the next one begins, or a later one that a truncation made begin lower. */
    static LogEnd lower(LogEnd begin, @Nullable LogEnd later) {
        return later == null || begin.lsn().compareTo(later.lsn()) <= 0 ? begin : later;
    }

    /** The first record of a segment; null where there is none that is whole. */
    LogRecord.@Nullable SegmentOpened opened(long number) throws IOException {
        try (FrameSource source = store.openSegment(number)) {
            FrameScan scan = new FrameScan(source, store.partition(), number, window);
            boolean whole = scan.next() == FrameScan.Step.RECORD && scan.image().type() == RecordType.SEGMENT_OPENED;
            return whole ? decoder.decodeSegmentOpened(scan.image()) : null;
        }
    }

    SegmentFacts read(Extent segment, Handler handler) throws IOException {
        long number = segment.number();
        try (FrameSource source = store.openSegment(number)) {
            FrameScan scan = new FrameScan(source, store.partition(), number, window);
            try {
                return walk(segment, source, scan, handler);
            } catch (UnreadableRecordException e) {
                LogDamage unknown = new LogDamage(
                        store.partition(),
                        source.file(),
                        scan.offset(),
                        "records that this version reads",
                        String.valueOf(e.getMessage()));
                return new SegmentFacts(number, source.file(), null, 0, scan.offset(), endOf(scan), unknown);
            }
        }
    }

    private SegmentFacts walk(Extent segment, FrameSource source, FrameScan scan, Handler handler) throws IOException {
        long number = segment.number();
        LogEnd acceptedEnd = segment.acceptedEnd();
        FrameScan.Step step = scan.next();
        if (step != FrameScan.Step.RECORD || scan.image().type() != RecordType.SEGMENT_OPENED) {
            return new SegmentFacts(number, source.file(), null, 0, 0, LogEnd.EMPTY, notOpened(source, scan, step));
        }
        LogRecord.SegmentOpened opened = decoder.decodeSegmentOpened(scan.image());
        boolean go = handler.onLocal(source, scan.image(), opened);
        LogEnd begin = opened.acceptedEnd();
        if (acceptedEnd != null && begin.lsn().compareTo(acceptedEnd.lsn()) > 0) {
            return new SegmentFacts(number, source.file(), opened, 0, scan.offset(), acceptedEnd, null); // void
        }
        scan.continueAfter(begin.lsn().value(), begin.hash(), begin.epoch().value());
        if (acceptedEnd != null) {
            scan.endAt(acceptedEnd.lsn().value());
        }
        long records = 0;
        step = FrameScan.Step.END;
        while (go && (step = scan.next()) == FrameScan.Step.RECORD) {
            RecordImage image = scan.image();
            if (image.type().kind() == RecordType.Kind.REPLICATED) {
                records++;
                go = handler.onReplicated(source, image, decoder.decode(image));
            } else if (image.type() == RecordType.FORCED) {
                go = handler.onLocal(source, image, new Forced(decoder.decodeForced(image)));
            } else if (image.type() == RecordType.TRUNCATED) {
                go = handler.onLocal(source, image, decoder.decodeTruncated(image));
            }
        }
        LogDamage damage = go ? damageAt(source, scan, step, acceptedEnd) : null;
        return new SegmentFacts(number, source.file(), opened, records, scan.offset(), endOf(scan), damage);
    }

    /** A local record that says up to where the log was on the medium. */
    record Forced(LogEnd end) {}

    private @Nullable LogDamage notOpened(FrameSource source, FrameScan scan, FrameScan.Step step) throws IOException {
        if (step == FrameScan.Step.END && scan.resync() < 0) {
            return null; // made ahead and never used
        }
        return new LogDamage(
                store.partition(),
                source.file(),
                0,
                "a whole SegmentOpened",
                step == FrameScan.Step.BAD ? scan.damage().found() : "another record");
    }

    private @Nullable LogDamage damageAt(
            FrameSource source, FrameScan scan, FrameScan.Step step, @Nullable LogEnd acceptedEnd) {
        if (acceptedEnd == null || scan.position() < acceptedEnd.lsn().value()) {
            if (step == FrameScan.Step.BAD) {
                return scan.damage();
            }
            return acceptedEnd == null
                    ? null
                    : new LogDamage(
                            store.partition(),
                            source.file(),
                            scan.offset(),
                            "records up to lsn=" + acceptedEnd.lsn().value(),
                            "records up to lsn=" + scan.position());
        }
        return scan.hash() == acceptedEnd.hash()
                ? null
                : new LogDamage(
                        store.partition(),
                        source.file(),
                        scan.offset(),
                        "hash=" + Long.toHexString(acceptedEnd.hash()) + " at lsn=" + scan.position(),
                        "hash=" + Long.toHexString(scan.hash()));
    }

    private static LogEnd endOf(FrameScan scan) {
        return scan.wholeEnd();
    }
}
