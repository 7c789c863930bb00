package dev.holdfast.testkit.disk;

import dev.holdfast.config.Config;
import dev.holdfast.node.recovery.LogStore;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;

/** A data directory behind a page cache that the test names: the kernel's own name stays when only a disk loses its power. */
final class BootedStore implements LogStore {

    private final NodeStorage storage;

    BootedStore(Config config, String bootId) {
        storage = NodeStorage.open(
                config.getStorageConfig(),
                config.getPartitionCount(),
                config.getMaxPayload(),
                config.getNodeName(),
                directory -> bootId);
    }

    @Override
    public String place() {
        return storage.directory().toString();
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
