package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecordsGoneException;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.RunCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log that is being written, up to its end: through the guarded reader, from the nearest place of the {@link
 * LogIndex}. Any thread, one at a time: under the index's monitor.
 */
final class LogReader {

    private final PartitionId partition;
    private final LogIndex index;
    private final Supplier<LogEnd> end;
    private final LogHealth health;
    private final RecordDecoder decoder;
    private @Nullable ByteBuffer window;

    /** Where the last replay ended: the next one mostly goes on there. */
    private LogIndex.@Nullable Place cursor;

    /** The same of the last copy that was read. */
    private LogIndex.@Nullable Place copied;

    /** What to do in an open segment, reached from {@code place}, up to {@code limitLsn}. */
    private interface Work<T> {
        T at(LogIndex.Place place, FrameScan scan, long limitLsn) throws IOException;
    }

    LogReader(PartitionId partition, LogIndex index, Supplier<LogEnd> end, LogHealth health, long inlineLimit) {
        this.partition = partition;
        this.index = index;
        this.end = end;
        this.health = health;
        this.decoder = new RecordDecoder(inlineLimit);
    }

    /** As {@link dev.holdfast.storage.log.ReplicatedLog#readAfter}. */
    Optional<ReplicatedRun> readAfter(LogEnd after, int maxBytes) {
        synchronized (index) {
            return runAfter(after, maxBytes);
        }
    }

    private Optional<ReplicatedRun> runAfter(LogEnd after, int maxBytes) {
        LogEnd last = end.get();
        if (after.lsn().compareTo(last.lsn()) >= 0) {
            checkSame(after, last);
            return Optional.empty();
        }
        return withScan(after.lsn(), last.lsn(), (place, scan, limitLsn) -> {
            checkSame(after, scan.end());
            RunCopy copy = new RunCopy(after, maxBytes);
            scan.copyTo(copy);
            scan.endAt(limitLsn);
            LogIndex.Place before = placeOf(place, scan);
            while (!copy.isFull() && nextReplicated(scan, limitLsn)) {
                copy.recordEnded();
                if (!copy.isFull()) {
                    before = placeOf(place, scan);
                }
            }
            copied = before; // or a record further; who goes on there need not read all since the last place of the
            // index
            return copy.run();
        });
    }

    /** As {@link dev.holdfast.storage.log.ReplicatedLog#replay}. */
    void replay(Lsn after, Lsn upTo, ReplayHandler handler) {
        Lsn reached = after;
        while (reached.compareTo(upTo) < 0) {
            synchronized (index) {
                reached = replaySegment(reached, upTo, handler);
            }
        }
    }

    private Lsn replaySegment(Lsn after, Lsn upTo, ReplayHandler handler) {
        return withScan(after, upTo, (place, scan, limitLsn) -> {
            scan.endAt(limitLsn);
            while (nextReplicated(scan, limitLsn)) {
                handler.onRecord(
                        new Lsn(scan.image().position()),
                        new Epoch(scan.image().epoch()),
                        decoder.decode(scan.image()));
            }
            cursor = placeOf(place, scan);
            return new Lsn(limitLsn);
        });
    }

    /**
     * The log's end if it ended at {@code lsn}.
     *
     * @throws IllegalArgumentException that is within a record
     */
    LogEnd endAt(Lsn lsn) {
        synchronized (index) {
            LogEnd last = end.get();
            if (lsn.equals(last.lsn())) {
                return last;
            }
            return withScan(lsn, lsn, (place, scan, limitLsn) -> scan.end());
        }
    }

    private <T> T withScan(Lsn from, Lsn upTo, Work<T> work) {
        while (true) {
            LogIndex.Place place = nearest(from);
            if (place == null) {
                throw new RecordsGoneException("A checkpoint took the place of these records: partition=" + partition
                        + ", lsn=" + from.value() + ", the log begins at lsn="
                        + index.base().lsn().value());
            }
            FileHandle file = place.file();
            try {
                FrameSource source = file.acquire();
                if (source != null) {
                    try {
                        FrameScan scan = reach(source, place, from);
                        return work.at(place, scan, Math.min(index.endOfSegment(place), upTo.value()));
                    } finally {
                        file.release();
                    }
                }
            } catch (IOException e) {
                throw new LogDamagedException(
                        new LogDamage(partition, file.file(), place.offset(), "a readable segment", e.toString()));
            }
            health.check(); // nobody may wait for what a closed log says next
            Thread.onSpinWait(); // retired between the look-up and here: the index says something else by now
        }
    }

    private static LogIndex.Place placeOf(LogIndex.Place from, FrameScan scan) {
        return new LogIndex.Place(from.file(), scan.offset(), scan.localOrdinal(), scan.end());
    }

    private LogIndex.@Nullable Place nearest(Lsn lsn) {
        LogIndex.Place indexed = index.before(lsn);
        return indexed == null ? null : nearer(nearer(indexed, cursor, lsn), copied, lsn);
    }

    /** In the same file as the place that the index knows {@code last} is in what counts of that file, whatever was truncated. */
    private static LogIndex.Place nearer(LogIndex.Place known, LogIndex.@Nullable Place last, Lsn lsn) {
        if (last == null || last.file() != known.file()) {
            return known;
        }
        boolean isNearer = last.at().lsn().compareTo(lsn) <= 0
                && last.at().lsn().compareTo(known.at().lsn()) > 0;
        return isNearer ? last : known;
    }

    private FrameScan reach(FrameSource source, LogIndex.Place place, Lsn lsn) throws IOException {
        ByteBuffer buffer = window == null ? FrameScan.newWindow() : window;
        window = buffer;
        FrameScan scan = new FrameScan(source, partition, place.file().number(), buffer);
        scan.resumeAt(place.offset(), place.localOrdinal());
        LogEnd at = place.at();
        scan.continueAfter(at.lsn().value(), at.hash(), at.epoch().value());
        scan.endAt(lsn.value());
        while (nextReplicated(scan, lsn.value())) {
            // on the way
        }
        if (!scan.wholeEnd().equals(scan.end())) {
            throw new IllegalArgumentException("Within a record: partition=" + partition + ", lsn=" + lsn.value());
        }
        return scan;
    }

    /** Goes to the end of the next replicated record; false at {@code limitLsn}. */
    private boolean nextReplicated(FrameScan scan, long limitLsn) throws IOException {
        while (true) {
            FrameScan.Step step = scan.next();
            if (step == FrameScan.Step.BAD) {
                throw new LogDamagedException(scan.damage());
            }
            if (step == FrameScan.Step.END) {
                if (scan.position() < limitLsn) {
                    throw new LogDamagedException(new LogDamage(
                            partition,
                            scan.damage().file(),
                            scan.offset(),
                            "records up to lsn=" + limitLsn,
                            "records up to lsn=" + scan.position()));
                }
                return false;
            }
            if (scan.image().type().kind() == RecordType.Kind.REPLICATED) {
                return true;
            }
        }
    }

    private void checkSame(LogEnd asked, LogEnd found) {
        if (!asked.equals(found)) {
            throw new IllegalArgumentException(
                    "Not a place in this log: partition=" + partition + ", asked=" + asked + ", found=" + found);
        }
    }
}
