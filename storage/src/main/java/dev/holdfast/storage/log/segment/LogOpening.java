package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SequenceRange;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * A log that was opened, with the reservation of its task sequences: where issuing goes on, and which sequences may have
 * been issued and are gone.
 *
 * <p>After an unclean end, or of a log that was set aside, issuing goes on at the reserved end, whatever the log says: an id that was issued and not stored
 * is not issued again. Those in between answer LOST where records may be gone (page cache lost, tail cut off), and were
 * never stored otherwise.
 */
public final class LogOpening {

    private final SegmentedLog log;
    private final SequenceLimits limits;
    private final boolean crashed;
    private final boolean maybeLost;

    private LogOpening(SegmentedLog log, SequenceLimits limits, boolean crashed, boolean maybeLost) {
        this.log = log;
        this.limits = limits;
        this.crashed = crashed;
        this.maybeLost = maybeLost;
    }

    /** As {@link SegmentedLog#open}. */
    public static LogOpening open(
            PartitionStore store, LogSettings settings, LogMarks marks, SequenceLimits limits, ReplayHandler handler)
            throws IOException {
        boolean crashed = marks.crashed();
        boolean cacheLost = marks.pageCacheLost();
        SegmentedLog log = SegmentedLog.open(store, settings, marks, handler);
        return new LogOpening(log, limits, crashed, cacheLost || log.opening().tailLost());
    }

    public SegmentedLog log() {
        return log;
    }

    /** @param wrapper makes the log that is handed out */
    public RecoveredLog recovered(Function<SegmentedLog, PartitionLog> wrapper) {
        SegmentedLog.Opening opening = log.opening();
        long inLog = opening.nextSequence();
        long reserved = limits.reservedEndExclusive();
        long next = crashed || log.isEmptied() ? Math.max(inLog, reserved) : inLog;
        Optional<SequenceRange> lost =
                crashed && maybeLost && next > inLog ? Optional.of(new SequenceRange(inLog, next)) : Optional.empty();
        return new RecoveredLog(
                wrapper.apply(log), limits, next, lost, crashed, opening.setAside(), opening.recordsReplayed());
    }
}
