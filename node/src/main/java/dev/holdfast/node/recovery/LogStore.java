package dev.holdfast.node.recovery;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;

/** The logs of one node: a data directory, or memory in tests. */
public interface LogStore extends AutoCloseable {

    /** Where it lies, for messages. */
    String place();

    /** Names it among others, for ever. */
    String id();

    /** Number of this process's start on the store; grows. */
    long session();

    /**
     * Opens one partition and replays it. Several may be opened at the same time; the log that is returned is the caller's
     * to close.
     *
     * @throws dev.holdfast.storage.log.LogDamagedException it can not be read back; nothing is left open
     */
    RecoveredLog openPartition(PartitionId partition, ReplayHandler handler);

    /** Notes that everything was closed in order: the next start counts no crash. */
    void markClean();

    @Override
    void close();
}
