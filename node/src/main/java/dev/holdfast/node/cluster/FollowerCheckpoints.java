package dev.holdfast.node.cluster;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.partition.PartitionHost;
import dev.holdfast.node.partition.PartitionRing;
import dev.holdfast.replication.runtime.ReplicaShell;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checkpoints of a copy that follows: its log is as long as its primary's, so it needs its own. One at a time. */
final class FollowerCheckpoints {

    private static final Logger LOG = LoggerFactory.getLogger(FollowerCheckpoints.class);
    private static final long RETRY_SECONDS = 60;

    private final PartitionHost host;
    private final PartitionRing ring;
    private final ReplicatedLog log;
    private final ReplicaShell shell;
    private final Consumer<Throwable> onFailedLog;

    private volatile boolean writing;

    /** Before this, by the clock of {@link System#nanoTime}, another one would fail as the last one did. */
    private volatile long nextNanos = System.nanoTime();

    /** @param onFailedLog told by the thread that writes them that the log can not be written any more */
    FollowerCheckpoints(
            PartitionHost host,
            PartitionRing ring,
            ReplicatedLog log,
            ReplicaShell shell,
            Consumer<Throwable> onFailedLog) {
        this.host = host;
        this.ring = ring;
        this.log = log;
        this.shell = shell;
        this.onFailedLog = onFailedLog;
    }

    /**
     * Begins one if it is due.
     *
     * @param followed up to where the ring has the log
     */
    void consider(Supplier<Lsn> followed) {
        if (writing || System.nanoTime() - nextNanos < 0 || !log.checkpointDue(ring.liveBytes())) {
            return;
        }
        Lsn upTo = followed.get();
        if (upTo.equals(Lsn.NONE)) {
            return;
        }
        writing = true;
        LogEnd at = log.endAt(upTo);
        Stream<SnapshotItem> items = ring.snapshot();
        host.checkpoints().execute(() -> write(at, items));
    }

    private void write(LogEnd at, Stream<SnapshotItem> items) {
        try {
            log.checkpoint(at, items);
            shell.checkpointWritten();
        } catch (LogFailedException | InternalError e) {
            onFailedLog.accept(e);
        } catch (RuntimeException | Error e) {
            nextNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(RETRY_SECONDS);
            LOG.warn(
                    ErrorCode.CHECKPOINT_FAILED.says(
                            "Could not write a checkpoint, the log keeps growing until one can be:"
                                    + " partition={}, nextTrySeconds={}"),
                    shell.partition(),
                    RETRY_SECONDS,
                    e);
        } finally {
            writing = false;
        }
    }
}
