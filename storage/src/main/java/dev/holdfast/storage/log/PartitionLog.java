package dev.holdfast.storage.log;

import java.util.List;
import java.util.stream.Stream;

/**
 * The log of one partition on this node: append-only, checked, and read back in order at the next start.
 *
 * <p>Threads: {@link #append} and {@link #acknowledge} belong to whoever holds the partition; {@link #force},
 * {@link #checkpoint} to the storage thread; {@link #read} and the getters to any thread.
 */
public interface PartitionLog extends AutoCloseable {

    PartitionId partition();

    /** The end of what was appended, forced or not. */
    LogEnd end();

    /** The end of what is known to be on the medium; never beyond {@link #end}. */
    LogEnd forcedEnd();

    /**
     * Appends all records, in order, under {@code epoch}, or none that will ever be read.
     *
     * @return the records as the log keeps them: a body over the inline limit comes back as {@link Body.Stored}. Only
     *     these may be applied, so that live state equals replayed state.
     * @throws LogFullException there is no room; nothing was appended, and what needs no new room still works
     * @throws LogFailedException the log can not be written any more; whether the records are in it is not known
     */
    List<LogRecord.Replicated> append(Epoch epoch, List<? extends LogRecord.Replicated> records);

    /**
     * Forces everything appended before the call to the medium.
     *
     * @return what is forced now, at least {@link #end} as it was when the call began
     * @throws LogFailedException the force failed: this log is never written or forced again (a retried force succeeds
     *     with the data gone)
     */
    LogEnd force();

    /**
     * Moves the high-water mark to {@code lsn}: called after the append (or the force, under {@code always}) and before
     * anybody is told that the record is stored. Lower marks are ignored.
     */
    void acknowledge(Lsn lsn);

    /**
     * The bytes of a body that stays in the log, checked.
     *
     * @throws LogDamagedException they are not what was written
     * @throws BodyGoneException the record left the log with a checkpoint that did not hold it any more
     */
    byte[] read(Body.Stored body);

    /**
     * Whether a task with {@code bytes} of payload may be accepted: false below the low-space watermark, where only what
     * ends or removes tasks is still written.
     */
    boolean hasRoomFor(long bytes);

    /** Whether the log since the last checkpoint has outgrown the live data, {@code liveBytes}. */
    boolean checkpointDue(long liveBytes);

    /**
     * Writes a checkpoint of the ring as it was at {@code at}, forces it, verifies it, then deletes what it replaces.
     *
     * @param items the ring at {@code at}, see {@link SnapshotItem}; closed by this method
     */
    void checkpoint(LogEnd at, Stream<SnapshotItem> items);

    /** Forces and closes. Idempotent. */
    @Override
    void close();
}
