package dev.holdfast.replication.runtime;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.directory.DataDirectory;
import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.directory.SetAside;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.chronicle.ChronicleLog;
import dev.holdfast.storage.log.memory.MemoryMedium;
import dev.holdfast.storage.log.segment.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What of a node outlives its processes. */
interface ShellDisk {

    SyncPolicy sync();

    /** For the next process. */
    ReplicatedLog open(ReplayHandler handler);

    /** Of the process that has opened. */
    EpochStore epochs();

    /** The process is gone. */
    void kill();

    /** What the process that is gone has left is of no use: the next one begins with an empty log. */
    void setAside();

    /** In memory, without forces. */
    static ShellDisk memory() {
        return memory(SyncPolicy.OS);
    }

    /** In memory; under {@code always} appends count when they are forced. */
    static ShellDisk memory(SyncPolicy sync) {
        return new InMemory(sync);
    }

    /** In files, as a node has them; every start is one of another boot of the machine. */
    static ShellDisk files(Path directory, SyncPolicy sync) {
        return new InFiles(directory, sync);
    }

    /** A medium and an epoch. */
    final class InMemory implements ShellDisk, EpochStore {

        private final SyncPolicy sync;
        private final MemoryMedium medium;
        private Epoch persisted = Epoch.NONE;

        private InMemory(SyncPolicy sync) {
            this.sync = sync;
            this.medium = new MemoryMedium(ShellNode.PARTITION, sync, ShellNode.SEGMENT_BYTES, 4096);
        }

        @Override
        public SyncPolicy sync() {
            return sync;
        }

        @Override
        public ReplicatedLog open(ReplayHandler handler) {
            return medium.open(handler).replicated();
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
        public void setAside() {
            medium.setAside();
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

    /** A data directory. */
    final class InFiles implements ShellDisk {

        private final Path path;
        private final SyncPolicy sync;
        private int boots;
        private @Nullable DataDirectory directory;
        private @Nullable ChronicleLog log;

        InFiles(Path path, SyncPolicy sync) {
            this.path = path;
            this.sync = sync;
        }

        @Override
        public SyncPolicy sync() {
            return sync;
        }

        @Override
        public ReplicatedLog open(ReplayHandler handler) {
            String boot = "boot-" + ++boots;
            try {
                DataDirectory opened =
                        DataDirectory.open(path, new DataDirectory.Options("shell", 1, true, unused -> boot));
                directory = opened;
                LogSettings settings = new LogSettings(
                        opened.session(),
                        sync,
                        ShellNode.SEGMENT_BYTES,
                        4096,
                        LogSettings.frameLimitFor(ShellNode.SEGMENT_BYTES),
                        0,
                        Runnable::run,
                        Runnable::run);
                ChronicleLog files = ChronicleLog.open(opened, ShellNode.PARTITION, settings, handler);
                log = files;
                return files.recovered().replicated();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public EpochStore epochs() {
            DataDirectory open = directory;
            if (open == null) {
                throw new IllegalStateException("Not open: " + path);
            }
            return new FileEpochStore(EpochFile.in(open.partitionPath(ShellNode.PARTITION), ShellNode.PARTITION));
        }

        @Override
        public void kill() {
            try {
                if (log != null) {
                    log.close();
                }
                if (directory != null) {
                    directory.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            log = null;
            directory = null;
        }

        @Override
        public void setAside() {
            try {
                Path unused = SetAside.of(path, ShellNode.PARTITION).move("boot-" + boots);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
