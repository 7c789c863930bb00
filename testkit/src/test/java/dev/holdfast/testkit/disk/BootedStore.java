package dev.holdfast.testkit.disk;

import dev.holdfast.config.Config;
import dev.holdfast.node.assembly.DirectoryStore;
import dev.holdfast.node.recovery.LogStore;
import dev.holdfast.storage.NodeStorage;

/** A data directory behind a page cache that the test names: the kernel's own name stays when only a disk loses its power. */
final class BootedStore {

    private BootedStore() {}

    static LogStore open(Config config, String bootId) {
        return DirectoryStore.of(NodeStorage.open(
                config.getStorageConfig(),
                config.getPartitionCount(),
                config.getMaxPayload(),
                config.getNodeName(),
                directory -> bootId));
    }
}
