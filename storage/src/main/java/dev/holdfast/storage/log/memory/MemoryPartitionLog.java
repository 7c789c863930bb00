package dev.holdfast.storage.log.memory;

import dev.holdfast.storage.log.AppendedRun;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.CheckpointPart;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.ReplicatedRun;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.segment.SegmentedLog;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A log in memory: {@link #create} makes one, {@link #reopen} is a kill and the next start. Threads as the contract says. */
public final class MemoryPartitionLog implements ReplicatedLog {

    private final MemoryMedium medium;
    private final SegmentedLog log;

    MemoryPartitionLog(MemoryMedium medium, SegmentedLog log) {
        this.medium = medium;
        this.log = log;
    }

    /** An empty log on a new medium. */
    public static MemoryPartitionLog create(PartitionId partition) {
        return (MemoryPartitionLog)
                new MemoryMedium(partition).open(new IgnoringHandler()).log();
    }

    /** Kills this log's process and opens what it left. */
    public RecoveredLog reopen(ReplayHandler handler) {
        return medium.open(handler);
    }

    /** What outlives it. */
    public MemoryMedium medium() {
        return medium;
    }

    @Override
    public PartitionId partition() {
        return log.partition();
    }

    @Override
    public LogEnd end() {
        return log.end();
    }

    @Override
    public LogEnd forcedEnd() {
        return log.forcedEnd();
    }

    @Override
    public List<LogRecord.Replicated> append(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        return log.append(epoch, records);
    }

    @Override
    public LogEnd force() {
        return log.force();
    }

    @Override
    public void acknowledge(Lsn lsn) {
        log.acknowledge(lsn);
    }

    @Override
    public byte[] read(Body.Stored body) {
        return log.read(body);
    }

    @Override
    public boolean hasRoomFor(long bytes) {
        return log.hasRoomFor(bytes);
    }

    @Override
    public boolean checkpointDue(long liveBytes) {
        return log.checkpointDue(liveBytes);
    }

    @Override
    public void checkpoint(LogEnd at, Stream<SnapshotItem> items) {
        log.checkpoint(at, items);
    }

    @Override
    public List<LogEnd> epochEnds() {
        return log.epochEnds();
    }

    @Override
    public AppendedRun appendOwn(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        return log.appendOwn(epoch, records);
    }

    @Override
    public List<LogRecord.Replicated> appendCopy(ReplicatedRun run) {
        return log.appendCopy(run);
    }

    @Override
    public Optional<ReplicatedRun> readAfter(LogEnd after, int maxBytes) {
        return log.readAfter(after, maxBytes);
    }

    @Override
    public LogEnd endAt(Lsn lsn) {
        return log.endAt(lsn);
    }

    @Override
    public void replay(Lsn after, Lsn upTo, ReplayHandler handler) {
        log.replay(after, upTo, handler);
    }

    @Override
    public LogEnd truncate(Lsn to) {
        return log.truncate(to);
    }

    @Override
    public Optional<LogEnd> checkpointEnd() {
        return log.checkpointEnd();
    }

    @Override
    public CheckpointPart readCheckpoint(LogEnd at, long offsetBytes, int maxBytes) {
        return log.readCheckpoint(at, offsetBytes, maxBytes);
    }

    @Override
    public void storeCheckpoint(CheckpointPart part) {
        log.storeCheckpoint(part);
    }

    @Override
    public void installCheckpoint(LogEnd at, ReplayHandler items) {
        log.installCheckpoint(at, items);
    }

    @Override
    public boolean isSuspect() {
        return log.isSuspect();
    }

    @Override
    public boolean hasLostPageCache() {
        return log.hasLostPageCache();
    }

    @Override
    public boolean isEmptied() {
        return log.isEmptied();
    }

    @Override
    public OptionalLong learnsSince() {
        return log.learnsSince();
    }

    @Override
    public void noteLearnsSince(long rowVersion) {
        log.noteLearnsSince(rowVersion);
    }

    @Override
    public void settle() {
        log.settle();
    }

    @Override
    public void close() {
        log.close();
        if (log.closedInOrder()) {
            medium.closedInOrder();
        }
    }

    /** For a log that is known to be empty. */
    private static final class IgnoringHandler implements ReplayHandler {
        @Override
        public void onSnapshot(SnapshotItem item) {
            throw new IllegalStateException("A new log is empty: item=" + item);
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            throw new IllegalStateException("A new log is empty: record=" + replicated);
        }
    }
}
