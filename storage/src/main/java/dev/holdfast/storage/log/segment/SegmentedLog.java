package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A partition's log over segments and checkpoints.
 *
 * <p>{@link #append} writes through {@link LogWriter}, {@link #force} makes the highest segment durable (an older one was
 * forced before the next one began), {@link #checkpoint} replaces old segments through {@link Checkpointing}. The first
 * failure of a write or force ends all of them, for ever: a retried force succeeds with the data gone.
 */
public final class SegmentedLog implements PartitionLog {

    private final PartitionStore store;
    private final LogMarks marks;
    private final LogHealth health;
    private final BodyIndex bodies;
    private final LogWriter writer;
    private final Checkpointing checkpointing;
    private final LowSpace lowSpace;
    private final Opening opening;

    /** What opening found, for whoever opens. */
    public record Opening(long recordsReplayed, long nextSequence, Optional<String> setAside, boolean tailLost) {}

    private SegmentedLog(PartitionStore store, LogSettings settings, LogMarks marks, Recovered recovered) {
        this.store = store;
        this.marks = marks;
        this.health = new LogHealth(store.partition());
        this.bodies = recovered.bodies();
        this.writer = new LogWriter(store, settings, health, recovered);
        this.checkpointing = new Checkpointing(store, settings, health, writer, recovered);
        this.lowSpace = new LowSpace(store, settings);
        this.opening = new Opening(
                recovered.recordsReplayed(), recovered.nextSequence(), recovered.setAside(), recovered.tailLost());
    }

    /**
     * Reads the log, hands it over, and makes it ready for appends.
     *
     * @throws dev.holdfast.storage.log.LogDamagedException it is damaged; nothing was changed
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it
     */
    public static SegmentedLog open(PartitionStore store, LogSettings settings, LogMarks marks, ReplayHandler handler)
            throws IOException {
        LowSpace.Counting counting = new LowSpace.Counting(handler);
        Recovered recovered = new Recovery(store, marks, settings.inlineLimit(), counting, false).run();
        SegmentedLog log = new SegmentedLog(store, settings, marks, recovered);
        log.lowSpace.start(counting.openTasks());
        if (recovered.tailLost()) {
            // before the new incarnation is known to anybody: from now on the end stands in a segment of its own
            marks.lower(recovered.end().lsn());
            log.writer.openFirstSegment();
        }
        marks.begin();
        return log;
    }

    /** What opening found. */
    public Opening opening() {
        return opening;
    }

    @Override
    public PartitionId partition() {
        return store.partition();
    }

    @Override
    public LogEnd end() {
        return writer.end();
    }

    @Override
    public LogEnd forcedEnd() {
        return writer.forcedEnd();
    }

    @Override
    public List<LogRecord.Replicated> append(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        health.check();
        // the holder may be a task's thread that somebody interrupts: no channel here may be closed by that
        boolean interrupted = Thread.interrupted();
        try {
            boolean first = !writer.hasAppended();
            List<LogRecord.Replicated> kept = writer.append(epoch, records, bodies);
            lowSpace.appended(records);
            if (first && marks.pageCacheLost() && !records.isEmpty()) {
                writer.force();
                marks.settle();
            }
            return kept;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public LogEnd force() {
        return writer.force();
    }

    @Override
    public void acknowledge(Lsn lsn) {
        health.check();
        marks.raise(lsn);
    }

    @Override
    public byte[] read(Body.Stored body) {
        return bodies.read(body);
    }

    @Override
    public boolean hasRoomFor(long bytes) {
        return !health.isFailed() && lowSpace.hasRoomFor(bytes);
    }

    @Override
    public boolean checkpointDue(long liveBytes) {
        lowSpace.live(liveBytes);
        return checkpointing.isDue(liveBytes);
    }

    @Override
    public void checkpoint(LogEnd at, Stream<SnapshotItem> items) {
        try (items) {
            checkpointing.write(at, items, bodies);
        }
    }

    /**
     * Forces and closes; the last force of a log that failed before is not tried.
     *
     * @throws LogFailedException the force failed
     */
    @Override
    public void close() {
        if (!health.close()) {
            return;
        }
        try {
            writer.close();
        } finally {
            checkpointing.close();
        }
    }

    /** Whether everything appended is forced and nothing failed: what a clean-shutdown marker says. */
    public boolean closedInOrder() {
        return !health.isFailed() && writer.forcedEnd().equals(writer.end());
    }
}
