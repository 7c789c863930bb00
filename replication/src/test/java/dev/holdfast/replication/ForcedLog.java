package dev.holdfast.replication;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** Counts records and forces; a test holds forces back or fails them. */
final class ForcedLog implements PartitionLog {

    private final PartitionId partition;
    final Semaphore mayForce = new Semaphore(1_000_000);
    private long end;
    private long forced;
    private long acknowledged;
    private int forces;
    private boolean failing;

    ForcedLog(int partition) {
        this.partition = new PartitionId(partition);
    }

    synchronized int forces() {
        return forces;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized void fail() {
        failing = true;
    }

    @Override
    public PartitionId partition() {
        return partition;
    }

    @Override
    public synchronized LogEnd end() {
        return new LogEnd(new Lsn(end), new Epoch(1), end);
    }

    @Override
    public synchronized LogEnd forcedEnd() {
        return new LogEnd(new Lsn(forced), new Epoch(1), forced);
    }

    @Override
    public synchronized List<LogRecord.Replicated> append(Epoch epoch, List<? extends LogRecord.Replicated> records) {
        end += records.size();
        return List.copyOf(records);
    }

    @Override
    public LogEnd force() {
        LogEnd before = end();
        mayForce.acquireUninterruptibly();
        synchronized (this) {
            forces++;
            if (failing) {
                throw new LogFailedException("The test's disk has failed");
            }
            forced = before.lsn().value();
            return before;
        }
    }

    @Override
    public synchronized void acknowledge(Lsn lsn) {
        acknowledged = lsn.value();
    }

    @Override
    public byte[] read(Body.Stored body) {
        throw new UnsupportedOperationException("Holds no bodies");
    }

    @Override
    public boolean hasRoomFor(long bytes) {
        return true;
    }

    @Override
    public boolean checkpointDue(long liveBytes) {
        return false;
    }

    @Override
    public void checkpoint(LogEnd at, Stream<SnapshotItem> items) {
        items.close();
    }

    @Override
    public void close() {}
}
