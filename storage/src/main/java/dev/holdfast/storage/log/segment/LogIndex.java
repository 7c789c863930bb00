package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Places in a log from which it can be read: the beginning of every segment, and one every quarter of a MiB. What was
 * voided has none, so that whoever goes from place to place reads what counts. Changes come from whoever changes the
 * log; look-ups from any thread.
 *
 * <p>Who reads the log holds the monitor of its index, and so does who makes it end lower or elsewhere: a reader sees the
 * index, the end and the files from before that or from after it, never something in between.
 */
final class LogIndex {

    /** Bytes to be read in vain at most, to reach a record. */
    private static final long STEP_BYTES = 256 * 1024;

    /**
     * A place.
     *
     * @param offset of a document
     * @param localOrdinal how many local records stand before it in the file
     * @param at where the log ends before it
     */
    record Place(FileHandle file, long offset, long localOrdinal, LogEnd at) {}

    private final NavigableMap<Long, Place> places = new ConcurrentSkipListMap<>();
    private final EpochEnds epochs = new EpochEnds();
    private volatile LogEnd base = LogEnd.EMPTY;
    private @Nullable Place last;

    /** Nothing can be read before {@code newBase}, and nothing is behind it yet. */
    void begin(LogEnd newBase) {
        places.clear();
        last = null;
        base = newBase;
        epochs.begin(newBase);
    }

    /** A segment goes on behind {@code at}. */
    void segmentBegun(FileHandle file, LogEnd at) {
        put(new Place(file, 0, 0, at));
    }

    /** The log ends in {@code end}; {@code offset} is where the next document begins, {@code localOrdinal} as in {@link Place}. */
    void appended(LogEnd end, FileHandle file, long offset, long localOrdinal) {
        epochs.appended(end);
        Place before = last;
        if (before == null || before.file() != file || wantsPlace(offset)) {
            put(new Place(file, (offset + 3) & ~3L, localOrdinal, end));
        }
    }

    /** Whether the next call of {@link #appended} in the same segment makes a place. */
    boolean wantsPlace(long offset) {
        Place before = last;
        return before == null || offset - before.offset() >= STEP_BYTES;
    }

    /** As {@link #appended}, at recovery: an epoch ended there. */
    void epochEnded(LogEnd end) {
        epochs.appended(end);
    }

    void truncated(LogEnd end) {
        places.tailMap(end.lsn().value(), false).clear();
        last = null;
        epochs.truncated(end);
    }

    /** The segments below {@code firstNumber} are gone. */
    void trim(long firstNumber) {
        places.values().removeIf(place -> place.file().number() < firstNumber);
        Map.Entry<Long, Place> first = places.firstEntry();
        if (first != null && first.getValue().at().lsn().compareTo(base.lsn()) > 0) {
            base = first.getValue().at();
            epochs.trim(base);
        }
    }

    /** Where the log begins. */
    LogEnd base() {
        return base;
    }

    List<LogEnd> epochEnds() {
        return epochs.entries();
    }

    /** The last place from which {@code lsn} can be reached; null where the log begins later. */
    @Nullable
    Place before(Lsn lsn) {
        Map.Entry<Long, Place> entry = places.floorEntry(lsn.value());
        return entry == null ? null : entry.getValue();
    }

    /** Where the next segment goes on, {@link Long#MAX_VALUE} in the newest. */
    long endOfSegment(Place place) {
        for (Place later : places.tailMap(place.at().lsn().value(), false).values()) {
            if (later.file() != place.file()) {
                return later.at().lsn().value();
            }
        }
        return Long.MAX_VALUE;
    }

    private void put(Place place) {
        places.put(place.at().lsn().value(), place);
        last = place;
    }
}
