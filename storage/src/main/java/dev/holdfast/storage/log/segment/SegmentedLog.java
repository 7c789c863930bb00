package dev.holdfast.storage.log.segment;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.CheckpointPart;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.SnapshotItem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A partition's log over segments and checkpoints.
 *
 * <p>{@link #append} writes through {@link LogWriter}, {@link #force} makes the highest segment durable (an older one was
 * forced before the next one began), {@link #checkpoint} replaces old segments through {@link Checkpointing}. The first
 * failure of a write or force ends all of them, for ever: a retried force succeeds with the data gone.
 */
public final class SegmentedLog implements ReplicatedLog {

    private final PartitionStore store;
    private final LogMarks marks;
    private final LogHealth health;
    private final BodyIndex bodies;
    private final LogWriter writer;
    private final Checkpointing checkpointing;
    private final LowSpace lowSpace;
    private final LogIndex index;
    private final LogReader reader;
    private final boolean acknowledgedForced;
    private final boolean emptied;
    private final Opening opening;
    private volatile boolean settled;

    /** What opening found, for whoever opens. */
    public record Opening(long recordsReplayed, long nextSequence, Optional<String> setAside, boolean tailLost) {}

    private SegmentedLog(PartitionStore store, LogSettings settings, LogMarks marks, Recovered recovered) {
        this.store = store;
        this.marks = marks;
        this.health = new LogHealth(store.partition());
        this.bodies = recovered.bodies();
        bodies.dependOn(health);
        this.writer = new LogWriter(store, settings, health, recovered);
        this.checkpointing = new Checkpointing(store, settings, health, writer, recovered);
        this.lowSpace = new LowSpace(store, settings);
        this.index = recovered.index();
        this.reader = new LogReader(store.partition(), index, writer::end, health, settings.inlineLimit());
        this.acknowledgedForced = settings.sync() == SyncPolicy.ALWAYS;
        this.emptied = marks.emptied();
        this.settled = !marks.pageCacheLost() && !emptied;
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
        return changing(() -> {
            List<LogRecord.Replicated> kept = writer.append(epoch, records, bodies);
            lowSpace.appended(records);
            if (!records.isEmpty()) {
                settle();
            }
            return kept;
        });
    }

    @Override
    public AppendedRun appendOwn(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        return changing(() -> {
            AppendedRun appended = writer.appendOwn(epoch, records, bodies);
            lowSpace.appended(records);
            settle();
            return appended;
        });
    }

    @Override
    public List<LogRecord.Replicated> appendCopy(ReplicatedRun run) {
        return changing(() -> {
            List<LogRecord.Replicated> kept = writer.appendCopy(run, bodies);
            lowSpace.appended(kept);
            if (!isSuspect()) {
                settle();
            }
            return kept;
        });
    }

    @Override
    public LogEnd truncate(Lsn to) {
        return changing(() -> {
            LogEnd end = writer.end();
            checkTruncation(to, end);
            if (to.equals(end.lsn())) {
                return writer.force();
            }
            LogEnd reached = reader.endAt(to);
            writer.prepareTruncation(); // nothing is changed before there is room for all of it
            reader.replay(to, end.lsn(), lowSpace.voiding());
            if (marks.mark().compareTo(to) > 0) {
                marks.lower(to);
            }
            writer.truncate(reached);
            bodies.truncate(to.value());
            return reached;
        });
    }

    private void checkTruncation(Lsn to, LogEnd end) {
        Lsn kept = checkpointing.firstToKeep();
        if (to.compareTo(end.lsn()) > 0 || to.compareTo(kept) < 0) {
            throw new IllegalArgumentException("Not a place to truncate to: partition=" + partition() + ", lsn="
                    + to.value() + ", checkpoint at lsn=" + kept.value() + ", log ends at lsn="
                    + end.lsn().value());
        }
    }

    @Override
    public List<LogEnd> epochEnds() {
        return index.epochEnds();
    }

    @Override
    public Optional<ReplicatedRun> readAfter(LogEnd after, int maxBytes) {
        return reader.readAfter(after, maxBytes);
    }

    @Override
    public void replay(Lsn after, Lsn upTo, ReplayHandler handler) {
        reader.replay(after, upTo, handler);
    }

    @Override
    public LogEnd endAt(Lsn lsn) {
        LogEnd last = writer.end();
        if (lsn.compareTo(last.lsn()) > 0) {
            throw new IllegalArgumentException("Above the log's end: partition=" + partition() + ", lsn=" + lsn.value()
                    + ", end=" + last.lsn().value());
        }
        return reader.endAt(lsn);
    }

    @Override
    public Optional<LogEnd> checkpointEnd() {
        return checkpointing.newestEnd();
    }

    @Override
    public CheckpointPart readCheckpoint(LogEnd at, long offsetBytes, int maxBytes) {
        return checkpointing.part(at, offsetBytes, maxBytes);
    }

    @Override
    public void storeCheckpoint(CheckpointPart part) {
        changing(() -> {
            try {
                store.writeIncoming(part.offsetBytes(), part.bytes());
                return true;
            } catch (NoSpaceException e) {
                throw new LogFullException("No room for another replica's checkpoint: directory=" + store.path(), e);
            } catch (IOException e) {
                throw health.fail("Cannot write another replica's checkpoint", e);
            }
        });
    }

    @Override
    public void installCheckpoint(LogEnd at, ReplayHandler items) {
        changing(() -> {
            checkpointing.install(at, bodies, () -> {
                if (marks.mark().compareTo(at.lsn()) > 0) {
                    marks.lower(at.lsn());
                }
            });
            LowSpace.Counting counting = new LowSpace.Counting(items);
            checkpointing.readInstalled(counting);
            lowSpace.start(counting.openTasks());
            return true;
        });
    }

    @Override
    public boolean isSuspect() {
        return isEmptied() || hasLostPageCache();
    }

    @Override
    public boolean hasLostPageCache() {
        return !settled && !acknowledgedForced && marks.pageCacheLost();
    }

    @Override
    public boolean isEmptied() {
        return !settled && emptied;
    }

    @Override
    public OptionalLong learnsSince() {
        return isEmptied() ? marks.learnsSince() : OptionalLong.empty();
    }

    @Override
    public void noteLearnsSince(long rowVersion) {
        if (isEmptied()) {
            marks.noteLearnsSince(rowVersion);
        }
    }

    @Override
    public void settle() {
        if (!settled) {
            writer.force();
            marks.settle();
            settled = true;
        }
    }

    /** The holder may be a task's thread that somebody interrupts: no channel here may be closed by that. */
    private <T> T changing(Supplier<T> change) {
        health.check();
        boolean interrupted = Thread.interrupted();
        try {
            return change.get();
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

    /**
     * Whether everything appended is forced, nothing failed and no suspicion is left: what a clean-shutdown marker says.
     */
    public boolean closedInOrder() {
        return !health.isFailed() && !hasLostPageCache() && writer.forcedEnd().equals(writer.end());
    }
}
