package dev.holdfast.node.assembly;

import dev.holdfast.HoldfastException;
import dev.holdfast.config.Config;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.recovery.LogStore;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.chronicle.Preflight;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The logs of a data directory. */
public final class DirectoryStore implements LogStore {

    private final NodeStorage storage;
    private final boolean openToConsole;

    private DirectoryStore(NodeStorage storage, boolean openToConsole) {
        this.storage = storage;
        this.openToConsole = openToConsole;
    }

    /**
     * Opens the directory that {@code config} names, or makes it.
     *
     * @throws HoldfastException it can not be opened, with why and what to do
     */
    public static DirectoryStore open(Config config) {
        return new DirectoryStore(storageOf(config), true);
    }

    /** The logs of a directory that is open already, and is closed with this; of its node no console hears. */
    public static DirectoryStore of(NodeStorage storage) {
        return new DirectoryStore(storage, false);
    }

    /** As {@link #open}, for a node whose partitions are copies of a cluster's. */
    static NodeStorage storageOf(Config config) {
        try {
            Preflight.check(); // before a class of the storage asks for its logger, which may be hidden as Chronicle is
            return NodeStorage.open(config);
        } catch (UncheckedIOException e) {
            throw new HoldfastException(
                    ErrorCode.DIRECTORY_NOT_OPENED,
                    "The data directory can not be opened: directory="
                            + config.getStorageConfig().getDirectory().toAbsolutePath() + ", cause=" + e.getCause(),
                    e);
        } catch (RuntimeException e) { // each says what to do
            throw new HoldfastException(ErrorCode.DIRECTORY_NOT_OPENED, String.valueOf(e.getMessage()), e);
        }
    }

    /** What the logs are in; the store's, and closed with it. */
    public NodeStorage storage() {
        return storage;
    }

    @Override
    public String place() {
        return storage.directory().toString();
    }

    @Override
    public Optional<Path> directory() {
        return openToConsole ? Optional.of(storage.directory()) : Optional.empty();
    }

    @Override
    public String id() {
        return storage.identity().diskId().toString();
    }

    @Override
    public long session() {
        return storage.session();
    }

    @Override
    public RecoveredLog openPartition(PartitionId partition, ReplayHandler handler) {
        return storage.openPartition(partition, handler);
    }

    @Override
    public void markClean() {
        storage.markClean();
    }

    @Override
    public void markAsFound() {
        storage.markAsFound();
    }

    @Override
    public void close() {
        storage.close();
    }
}
