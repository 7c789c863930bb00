package dev.holdfast.storage.verify;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.directory.DataDirectory;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.PartitionLimits;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.chronicle.FileStore;
import dev.holdfast.storage.log.memory.MemoryStores;
import dev.holdfast.storage.log.segment.LogMarks;
import dev.holdfast.storage.log.segment.LogSettings;
import dev.holdfast.storage.log.segment.PartitionStore;
import dev.holdfast.storage.log.segment.SegmentedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A node of one partition that is started, written to and ended again: its small files on disk, its log there or in memory. */
final class StoppedNode {

    static final PartitionId PARTITION = new PartitionId(0);
    static final long SEGMENT_BYTES = LogSettings.MIN_SEGMENT_BYTES;

    private final Path directory;
    private final PartitionStore store;
    private String boot = "boot-1";

    private StoppedNode(Path directory, PartitionStore store) {
        this.directory = directory;
        this.store = store;
    }

    static StoppedNode inMemory(Path directory) {
        return new StoppedNode(directory, MemoryStores.create(PARTITION, SEGMENT_BYTES));
    }

    static StoppedNode onDisk(Path directory) {
        Path partition = DirectoryLayout.partition(directory, PARTITION);
        return new StoppedNode(directory, new FileStore(PARTITION, partition, SEGMENT_BYTES));
    }

    PartitionStore store() {
        return store;
    }

    /** The next start, or look, is after a loss of power that lost nothing. */
    void reboot() {
        boot = "boot-2";
    }

    /** Starts the node, has {@code work} done, and ends it in order or by a kill. */
    void run(boolean clean, Work work) throws IOException {
        DataDirectory.Options options = new DataDirectory.Options("a", 1, true, path -> boot);
        try (DataDirectory opened = DataDirectory.open(directory, options);
                PartitionLimits limits = opened.openLimits(PARTITION);
                HighWaterMark mark = opened.openHighWaterMark(PARTITION)) {
            LogSettings settings = new LogSettings(
                    opened.session(),
                    SyncPolicy.OS,
                    SEGMENT_BYTES,
                    4096,
                    LogSettings.frameLimitFor(SEGMENT_BYTES),
                    0,
                    Runnable::run,
                    Runnable::run);
            SegmentedLog log = SegmentedLog.open(store, settings, new Marks(limits, mark), PartitionVerifier.NOBODY);
            limits.reserve(65_537);
            work.on(log);
            if (clean) {
                log.close();
                limits.closeClean();
                opened.markClean();
            } else if (!(store instanceof FileStore)) {
                MemoryStores.detach(store);
            }
        }
    }

    /** Something done with an open log. */
    @FunctionalInterface
    interface Work {
        void on(SegmentedLog log) throws IOException;
    }

    /** Appends and acknowledges records one by one. */
    static void append(SegmentedLog log, List<LogRecord.Replicated> records) {
        for (LogRecord.Replicated record : records) {
            log.append(new Epoch(1), List.of(record));
            log.acknowledge(log.end().lsn());
        }
    }

    VerifyReport verify() throws IOException {
        try (StoppedDirectory stopped = StoppedDirectory.open(directory, "test")) {
            return new Verifier(stopped, path -> boot, (path, partition) -> store).verify();
        }
    }

    String dump(Lsn from, long limit) throws IOException {
        StringBuilder out = new StringBuilder();
        new RecordDump(store, from, limit, out).run();
        return out.toString();
    }

    static void checkpoint(SegmentedLog log, List<SnapshotItem> items) {
        log.checkpoint(log.end(), items.stream());
    }

    /** The marks of a running node. */
    private record Marks(PartitionLimits limits, HighWaterMark highWater) implements LogMarks {

        @Override
        public Lsn mark() {
            return highWater.mark();
        }

        @Override
        public void raise(Lsn to) {
            highWater.raise(to);
        }

        @Override
        public void lower(Lsn to) {
            highWater.lowerAndForce(to);
        }

        @Override
        public long previousSession() {
            return limits.previous().session();
        }

        @Override
        public boolean crashed() {
            return limits.crashed();
        }

        @Override
        public boolean pageCacheLost() {
            return limits.pageCacheLost();
        }

        @Override
        public void begin() {
            limits.begin();
        }

        @Override
        public void settle() {
            limits.settle();
        }
    }
}
