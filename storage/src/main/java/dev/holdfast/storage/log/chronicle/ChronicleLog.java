package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.directory.DataDirectory;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.PartitionLimits;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.segment.LogOpening;
import dev.holdfast.storage.log.segment.LogSettings;
import dev.holdfast.storage.log.segment.SegmentedLog;
import java.io.IOException;

/**
 * A partition's log in a data directory, with the small files beside it. The log is closed by whoever uses it; the files
 * are closed here afterwards, with the clean-shutdown marker or without.
 *
 * <p>Opened and closed by the thread that starts and stops the node.
 */
public final class ChronicleLog implements AutoCloseable {

    private final SegmentedLog log;
    private final PartitionLimits limits;
    private final HighWaterMark highWater;
    private final RecoveredLog recovered;

    private ChronicleLog(SegmentedLog log, PartitionLimits limits, HighWaterMark highWater, RecoveredLog recovered) {
        this.log = log;
        this.limits = limits;
        this.highWater = highWater;
        this.recovered = recovered;
    }

    /**
     * Opens and replays a partition's log.
     *
     * @throws dev.holdfast.storage.log.LogDamagedException it is damaged; nothing was changed
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it
     */
    public static ChronicleLog open(
            DataDirectory directory, PartitionId partition, LogSettings settings, ReplayHandler handler)
            throws IOException {
        return open(directory, partition, settings, handler, new SystemDevice());
    }

    static ChronicleLog open(
            DataDirectory directory, PartitionId partition, LogSettings settings, ReplayHandler handler, Device device)
            throws IOException {
        ChronicleRuntime.start();
        PartitionLimits limits = directory.openLimits(partition);
        try {
            HighWaterMark highWater = directory.openHighWaterMark(partition);
            try {
                FileStore store =
                        new FileStore(partition, directory.partitionPath(partition), settings.segmentBytes(), device);
                FileMarks marks = new FileMarks(limits, highWater, directory.setAside(partition));
                LogOpening opening = LogOpening.open(store, settings, marks, limits, handler);
                return new ChronicleLog(opening.log(), limits, highWater, opening.recovered(log -> log));
            } catch (IOException | RuntimeException e) {
                highWater.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            limits.close();
            throw e;
        }
    }

    public RecoveredLog recovered() {
        return recovered;
    }

    /**
     * Closes the log, if it is open still, and its files.
     *
     * @param clean whether the node ended in order: then, and if all of the log is forced, the marker is written
     * @return whether it was
     * @throws LogFailedException the last force failed
     */
    public boolean close(boolean clean) throws IOException {
        try {
            log.close();
            boolean marked = clean && log.closedInOrder();
            if (marked) {
                limits.closeClean();
            }
            return marked;
        } finally {
            highWater.close();
            limits.close();
        }
    }

    /** As {@link #close(boolean)}, without the marker. */
    @Override
    public void close() throws IOException {
        close(false);
    }
}
