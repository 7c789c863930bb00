package dev.holdfast.node.recovery;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.BodyGoneException;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A log in memory whose forces a test holds back, fails, or whose disk it fills up. What was appended stays over {@link
 * #reopen}, as after the death of the process.
 */
public final class GatedLog implements PartitionLog, SequenceLimits {

    private record Stored(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {}

    private final PartitionId partition;
    private final List<Stored> records = new ArrayList<>();
    private final List<Integer> runs = new ArrayList<>();
    private final Semaphore forces = new Semaphore(Integer.MAX_VALUE / 2);
    private final Semaphore appends = new Semaphore(Integer.MAX_VALUE / 2);
    private long reserved = 1;
    private long marked;
    private long forced;
    private int appenders;
    private boolean full;
    private boolean roomForNothing;
    private boolean failing;
    private boolean checkpointDue;
    private @Nullable Error checkpointError;
    private boolean ceiling;
    private int reservations;
    private boolean clean;
    private List<SnapshotItem> checkpoint = List.of();

    public GatedLog(PartitionId partition) {
        this.partition = partition;
    }

    public synchronized RecoveredLog reopen(ReplayHandler handler) {
        boolean crashed = !records.isEmpty() && !clean;
        long next = 1;
        for (Stored stored : records) {
            handler.onRecord(stored.lsn(), stored.epoch(), stored.replicated());
            if (stored.replicated() instanceof LogRecord.Submitted submitted) {
                next = submitted.sequence() + 1;
            }
        }
        long from = crashed ? Math.max(next, reserved) : next;
        clean = false;
        return new RecoveredLog(this, this, from, Optional.empty(), crashed, Optional.empty(), records.size());
    }

    public boolean isClean() {
        return clean;
    }

    public void markClean() {
        clean = true;
    }

    // ---- what a test does

    /** The files as they are now, for the start after this process was killed. */
    public synchronized GatedLog afterKill() {
        GatedLog copy = new GatedLog(partition);
        copy.records.addAll(records);
        copy.reserved = reserved;
        copy.marked = marked;
        copy.clean = clean;
        return copy;
    }

    public void holdAppends() {
        appends.drainPermits();
    }

    public void letAppendsGo() {
        appends.release(Integer.MAX_VALUE / 4);
    }

    /** Whether an append is held back. */
    public boolean hasWaitingAppend() {
        return appends.hasQueuedThreads();
    }

    public boolean hasWaitingForce() {
        return forces.hasQueuedThreads();
    }

    public void holdForces() {
        forces.drainPermits();
    }

    public void letForcesGo() {
        forces.release(Integer.MAX_VALUE / 4);
    }

    public void letOneForceGo() {
        forces.release();
    }

    /** Submits find no room; what ends tasks does. */
    public synchronized void setFull(boolean full) {
        this.full = full;
    }

    public synchronized void setRoomForNothing(boolean nothing) {
        roomForNothing = nothing;
    }

    public synchronized void fail() {
        failing = true;
    }

    public synchronized void setCheckpointDue() {
        checkpointDue = true;
    }

    /** The next checkpoint ends with it. */
    public synchronized void failCheckpointWith(Error error) {
        checkpointError = error;
    }

    /** Reservations change nothing, as under a ceiling that nobody raises. */
    public synchronized void setCeiling(boolean reached) {
        ceiling = reached;
    }

    public synchronized int reservations() {
        return reservations;
    }

    public synchronized List<SnapshotItem> checkpointItems() {
        return checkpoint;
    }

    /** Sizes of the runs that were appended. */
    public synchronized List<Integer> runs() {
        return List.copyOf(runs);
    }

    public synchronized List<LogRecord.Replicated> records() {
        return records.stream().map(Stored::replicated).toList();
    }

    public synchronized long marked() {
        return marked;
    }

    // ---- the log

    @Override
    public PartitionId partition() {
        return partition;
    }

    @Override
    public synchronized LogEnd end() {
        return records.isEmpty()
                ? LogEnd.EMPTY
                : new LogEnd(
                        new Lsn(records.size()), records.get(records.size() - 1).epoch(), records.size());
    }

    @Override
    public synchronized LogEnd forcedEnd() {
        return new LogEnd(new Lsn(forced), end().epoch(), forced);
    }

    @Override
    public List<LogRecord.Replicated> append(Epoch epoch, List<? extends LogRecord.Replicated> appended) {
        synchronized (this) {
            if (++appenders != 1) {
                throw new AssertionError("Two threads append at the same time");
            }
        }
        appends.acquireUninterruptibly(); // another appender would come in here
        synchronized (this) {
            appenders--;
            boolean submits = appended.stream().anyMatch(one -> one instanceof LogRecord.Submitted);
            if (roomForNothing || (full && submits)) {
                throw new LogFullException("The test's disk is full");
            }
            if (failing) {
                throw new LogFailedException("The test's disk has failed");
            }
            for (LogRecord.Replicated one : appended) {
                records.add(new Stored(new Lsn(records.size() + 1), epoch, one));
            }
            runs.add(appended.size());
            return List.copyOf(appended);
        }
    }

    @Override
    public LogEnd force() {
        LogEnd end = end();
        forces.acquireUninterruptibly();
        synchronized (this) {
            if (failing) {
                throw new LogFailedException("The test's disk has failed");
            }
            forced = end.lsn().value();
        }
        return end;
    }

    @Override
    public synchronized void acknowledge(Lsn lsn) {
        marked = Math.max(marked, lsn.value());
    }

    @Override
    public byte[] read(Body.Stored body) {
        throw new BodyGoneException("All bodies are inline here");
    }

    @Override
    public boolean hasRoomFor(long bytes) {
        return true;
    }

    @Override
    public synchronized boolean checkpointDue(long liveBytes) {
        boolean due = checkpointDue;
        checkpointDue = false;
        return due;
    }

    @Override
    public void checkpoint(LogEnd at, Stream<SnapshotItem> items) {
        List<SnapshotItem> all = items.toList();
        synchronized (this) {
            Error error = checkpointError;
            checkpointError = null;
            if (error != null) {
                throw error;
            }
            checkpoint = all;
        }
    }

    @Override
    public void close() {}

    @Override
    public synchronized long reservedEndExclusive() {
        return reserved;
    }

    @Override
    public synchronized void reserve(long endExclusive) {
        reservations++;
        if (!ceiling) {
            reserved = Math.max(reserved, endExclusive);
        }
    }
}
