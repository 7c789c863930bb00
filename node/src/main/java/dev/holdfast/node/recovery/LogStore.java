package dev.holdfast.node.recovery;

import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import java.nio.file.Path;
import java.util.Optional;

/** The logs of one node: a data directory, or memory in tests. */
public interface LogStore extends AutoCloseable {

    /** Where it lies, for messages. */
    String place();

    /** The data directory, for a console to look into; empty for one that has none, or lets none in. */
    default Optional<Path> directory() {
        return Optional.empty();
    }

    /** Names it among others, for ever. */
    String id();

    /** Number of this process's start on the store; grows. */
    long session();

    /**
     * Opens one partition and replays it. Several may be opened at the same time; the logs are closed with the store.
     *
     * @throws dev.holdfast.storage.log.LogDamagedException it can not be read back; nothing is left open
     */
    RecoveredLog openPartition(PartitionId partition, ReplayHandler handler);

    /** Everything was committed and answered: if {@link #close} can force it all, the next start counts no crash. */
    void markClean();

    /** As {@link #markClean}, after a visit: what the process before left without the mark stays without it. */
    void markAsFound();

    /**
     * Forces and closes the logs, and lets go of the place.
     *
     * @throws dev.holdfast.storage.log.LogFailedException not all could be forced; everything is closed all the same
     */
    @Override
    void close();
}
