package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments that are there, by their first records. A highest one without a whole {@code SegmentOpened} and without
 * any other valid record is one whose making was cut short, or that was made ahead and never used. One thread, at opening.
 */
final class SegmentList {

    private final PartitionStore store;
    private final RecordDecoder decoder;
    private final List<Recovered.OldSegment> opened = new ArrayList<>();
    private final List<Long> useless = new ArrayList<>();
    private final List<Long> cutShort = new ArrayList<>();
    private @Nullable Unused unused;

    /**
     * A segment without a whole record, behind those that hold something.
     *
     * @param offset where its first record should begin
     */
    record Unused(Path file, long offset) {}

    SegmentList(PartitionStore store, RecordDecoder decoder) {
        this.store = store;
        this.decoder = decoder;
    }

    /**
     * Reads the first record of each segment, and changes nothing.
     *
     * @param firstNeeded older ones were replaced by a checkpoint: they are not read
     * @throws LogDamagedException one is damaged, or missing in between
     */
    void read(List<Long> numbers, long firstNeeded) throws IOException {
        List<Long> needed = new ArrayList<>();
        for (long number : numbers) {
            if (number >= firstNeeded) {
                needed.add(number);
            } else {
                useless.add(number);
            }
        }
        int last = needed.size();
        while (last > 0 && isUnused(needed.get(last - 1))) {
            last--;
        }
        for (long number : needed.subList(0, last)) {
            opened.add(open(number));
        }
        for (int i = 1; i < opened.size(); i++) {
            checkFollows(opened.get(i - 1), opened.get(i));
        }
    }

    /**
     * Where the segment at {@code index} ends: where the next one begins, or a later one that a truncation made begin
     * lower. What it has above is void.
     */
    static LogEnd endOf(List<Recovered.OldSegment> segments, int index) {
        LogEnd end = segments.get(index + 1).opened().acceptedEnd();
        for (Recovered.OldSegment later : segments.subList(index + 2, segments.size())) {
            LogEnd begin = later.opened().acceptedEnd();
            end = begin.lsn().compareTo(end.lsn()) < 0 ? begin : end;
        }
        return end;
    }

    /** Oldest first. */
    List<Recovered.OldSegment> opened() {
        return opened;
    }

    /** The oldest one without a whole record; null if there is none. */
    @Nullable
    Unused unused() {
        return unused;
    }

    /**
     * Deletes what was replaced or never used, and moves out of the way what can not be read. Not before the whole log was
     * found good: a partition that refuses is left as it is.
     *
     * @return what was set aside
     */
    List<String> tidy() throws IOException {
        for (long number : useless) {
            store.deleteSegment(number);
        }
        List<String> notes = new ArrayList<>();
        for (long number : cutShort) {
            notes.add("a segment whose making was cut short: " + store.setAsideSegment(number));
        }
        return notes;
    }

    private boolean isUnused(long number) throws IOException {
        boolean empty;
        try (FrameSource source = store.openSegment(number)) {
            FrameScan scan = FrameScan.ofHead(source, store.partition(), number);
            FrameScan.Step step = scan.next();
            if (step == FrameScan.Step.RECORD && scan.image().type() == RecordType.SEGMENT_OPENED) {
                return false;
            }
            if (step == FrameScan.Step.RECORD || scan.resync() >= 0) {
                throw new LogDamagedException(new LogDamage(
                        store.partition(),
                        source.file(),
                        step == FrameScan.Step.RECORD ? scan.image().offset() : scan.offset(),
                        "a whole SegmentOpened before any other record",
                        step == FrameScan.Step.BAD ? scan.damage().found() : "other records"));
            }
            empty = step == FrameScan.Step.END && scan.isNothingBehind();
            unused = new Unused(source.file(), scan.offset());
        }
        (empty ? useless : cutShort).add(number);
        return true;
    }

    private Recovered.OldSegment open(long number) throws IOException {
        try (FrameSource source = store.openSegment(number)) {
            FrameScan scan = FrameScan.ofHead(source, store.partition(), number);
            FrameScan.Step step = scan.next();
            if (step == FrameScan.Step.BAD) {
                throw new LogDamagedException(scan.damage());
            }
            if (step == FrameScan.Step.END || scan.image().type() != RecordType.SEGMENT_OPENED) {
                throw damaged(source.file(), scan.offset(), "a whole SegmentOpened", "nothing or another record");
            }
            LogRecord.SegmentOpened first = decoder.decodeSegmentOpened(scan.image());
            if (first.segment() != number) {
                throw damaged(source.file(), scan.image().offset(), "segment=" + number, "segment=" + first.segment());
            }
            return new Recovered.OldSegment(
                    new FileHandle(number, source.file(), () -> store.openSegment(number)), first);
        }
    }

    private void checkFollows(Recovered.OldSegment older, Recovered.OldSegment newer) {
        long number = older.opened().segment();
        if (newer.opened().previousSegment() != number) {
            throw damaged(
                    newer.file().file(),
                    -1,
                    "segment=" + newer.opened().previousSegment() + " before it",
                    "segment=" + number);
        }
    }

    private LogDamagedException damaged(Path file, long offset, String expected, String found) {
        return new LogDamagedException(new LogDamage(store.partition(), file, offset, expected, found));
    }
}
