package dev.holdfast.node.cluster;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.replication.runtime.EpochStore;
import dev.holdfast.replication.runtime.FileEpochStore;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.memory.MemoryMedium;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What of a node of {@link HostCluster} outlives its processes. */
interface HostDisk extends ReplicaSeat.Logs {

    int SEGMENT_BYTES = 256 * 1024;

    /** Of the process that has opened. */
    EpochStore epochs();

    /** A process begins. */
    default void begin() {}

    /** It is gone; what it wrote is not. */
    void kill();

    static InMemory memory(SyncPolicy sync) {
        return new InMemory(sync);
    }

    static InFiles files(Path directory) {
        return new InFiles(directory);
    }

    /** A medium and an epoch. */
    final class InMemory implements HostDisk, EpochStore {

        final MemoryMedium medium;
        private final SyncPolicy sync;
        private volatile Epoch persisted = Epoch.NONE;

        InMemory(SyncPolicy sync) {
            this.sync = sync;
            this.medium = new MemoryMedium(HostCluster.PARTITION, sync, SEGMENT_BYTES, 4096);
        }

        boolean isForced() {
            return sync == SyncPolicy.ALWAYS;
        }

        @Override
        public RecoveredLog open(PartitionId id, ReplayHandler handler) {
            return medium.open(handler);
        }

        @Override
        public Path setAside(PartitionId id) {
            medium.setAside();
            return Path.of("nowhere");
        }

        @Override
        public EpochStore epochs() {
            return this;
        }

        @Override
        public void kill() {
            medium.kill();
        }

        @Override
        public Epoch load() {
            return persisted;
        }

        @Override
        public void store(Epoch epoch) {
            persisted = epoch;
        }
    }

    /** A data directory, as a node has it. */
    final class InFiles implements HostDisk {

        private final Path directory;
        private @Nullable NodeStorage storage;

        InFiles(Path directory) {
            this.directory = directory;
        }

        @Override
        public void begin() {
            StorageConfig config = new StorageConfig()
                    .setDirectory(directory)
                    .setSegmentSize(SEGMENT_BYTES)
                    .setLowSpaceWatermark(1)
                    .setAllowNetworkFileSystem(true);
            storage = NodeStorage.open(config, 1, SEGMENT_BYTES / 4, "host", path -> "this boot");
        }

        private NodeStorage storage() {
            return Objects.requireNonNull(storage);
        }

        @Override
        public RecoveredLog open(PartitionId id, ReplayHandler handler) {
            return storage().openPartition(id, handler);
        }

        @Override
        public Path setAside(PartitionId id) {
            return storage().setAside(id);
        }

        @Override
        public EpochStore epochs() {
            return new FileEpochStore(storage().epochFile(HostCluster.PARTITION));
        }

        @Override
        public void kill() {
            storage().close();
        }

        Path partition() {
            return directory.resolve("partition-0000");
        }

        Path quarantine() {
            return directory.resolve("quarantine");
        }
    }
}
