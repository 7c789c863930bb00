package dev.holdfast.storage;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.directory.NodeProperties;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.chronicle.ChronicleRuntime;
import dev.holdfast.storage.log.chronicle.FileStore;
import dev.holdfast.storage.log.segment.LogMarks;
import dev.holdfast.storage.log.segment.LogSettings;
import dev.holdfast.storage.log.segment.StoppedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The storage of a node that is stopped or was killed, for reading: not a byte of it is changed, and no node can be started
 * on it meanwhile. One thread.
 */
public final class ReadOnlyStorage implements AutoCloseable {

    private final StoppedDirectory directory;
    private final BootId bootId;

    private final long inlineLimit;

    private ReadOnlyStorage(StoppedDirectory directory, BootId bootId, long inlineLimit) {
        this.directory = directory;
        this.bootId = bootId;
        this.inlineLimit = inlineLimit;
    }

    /**
     * Opens a data directory that no node has open.
     *
     * @param reader what this process is doing, for a node that is started meanwhile, for example {@code tasks list}
     * @throws dev.holdfast.storage.directory.DirectoryInUseException a node has it open; names holder and pid
     * @throws dev.holdfast.storage.directory.DirectoryRefusedException it is no data directory
     */
    public static ReadOnlyStorage open(Path directory, String reader) {
        ChronicleRuntime.start();
        return open(directory, reader, BootId.ofSystem(), new StorageConfig().getInlineLimit());
    }

    /**
     * As {@link #open(Path, String)}.
     *
     * @param bootId identity of the page cache; {@link BootId#ofSystem} but in tests
     * @param inlineLimit length in bytes over which a body stays in the log
     */
    public static ReadOnlyStorage open(Path directory, String reader, BootId bootId, long inlineLimit) {
        ChronicleRuntime.start();
        return unchecked(() -> new ReadOnlyStorage(StoppedDirectory.open(directory, reader), bootId, inlineLimit));
    }

    /** Cluster and disk, partition count and format. */
    public NodeProperties identity() {
        return unchecked(directory::properties);
    }

    /** The partitions that have a directory. */
    public List<PartitionId> partitions() {
        return unchecked(() -> DirectoryLayout.partitions(directory.path()));
    }

    /**
     * Reads a partition's log to its end, as the next start of the node would, and changes nothing.
     *
     * @return to read bodies with, and to close
     * @throws dev.holdfast.storage.log.LogDamagedException it is damaged; the handler has seen a part of it
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it
     */
    public StoppedLog replay(PartitionId id, ReplayHandler handler) {
        return unchecked(() -> {
            Path path = DirectoryLayout.partition(directory.path(), id);
            Limits limits =
                    LimitsFile.read(DirectoryLayout.limits(path), id.value()).limits();
            Lsn mark = HighWaterMark.read(DirectoryLayout.highWaterMark(path), id);
            boolean cacheLost = !limits.clean() && !limits.bootId().equals(bootId.of(directory.path()));
            return StoppedLog.replay(
                    new FileStore(id, path, LogSettings.MIN_SEGMENT_BYTES),
                    new StoppedMarks(mark, limits.session(), !limits.clean(), cacheLost),
                    inlineLimit,
                    handler);
        });
    }

    /** Lets nodes in again. Idempotent. */
    @Override
    public void close() {
        unchecked(() -> {
            directory.close();
            return this;
        });
    }

    /** The small files of a stopped log; there is nobody who would move them. */
    private record StoppedMarks(Lsn mark, long previousSession, boolean crashed, boolean pageCacheLost)
            implements LogMarks {
        @Override
        public void raise(Lsn to) {
            throw new IllegalStateException("A stopped log is not written");
        }

        @Override
        public void lower(Lsn to) {
            throw new IllegalStateException("A stopped log is not written");
        }

        @Override
        public void begin() {
            throw new IllegalStateException("A stopped log is not written");
        }

        @Override
        public void settle() {
            throw new IllegalStateException("A stopped log is not written");
        }
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T unchecked(Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
