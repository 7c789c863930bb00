package dev.holdfast.testkit;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.NodeStorage;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.CheckpointPart;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The log of a process that died, and another replica's checkpoint: both are made once, and copied for each crash.
 *
 * @param directory of the log: two segments and more, a checkpoint, everything in it acknowledged
 * @param whole what a start finds in it
 * @param at the end of the log that the other replica's checkpoint describes; below the end of this one
 * @param checkpoint its bytes
 * @param installed what a start finds where that has taken the log's place
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
record LogFixture(Path directory, SyncPolicy sync, State whole, LogEnd at, byte[] checkpoint, State installed) {

    static final PartitionId PARTITION = new PartitionId(0);
    static final String BOOT = "boot 1";
    static final int RECORDS = 60;

    private static final int IN_CHECKPOINT = 10;
    private static final int OF_OTHER = 25;
    private static final long SEGMENT_BYTES = 256 * 1024;
    private static final int LONGEST = 12_000;
    private static final int PIECE = 4_096;

    /**
     * What a log holds.
     *
     * @param items of its checkpoint
     * @param records behind that, by their positions
     */
    record State(List<String> items, SortedMap<Long, String> records) {

        State upTo(long lsn) {
            return new State(items, new TreeMap<>(records.headMap(lsn + 1)));
        }

        /** Without what recovery has added. */
        State ofTasks() {
            SortedMap<Long, String> tasks = new TreeMap<>(records);
            tasks.values().removeIf(told -> told.startsWith("SequencesLost["));
            return new State(items, tasks);
        }

        /** Of a few words: a failure names what differs. */
        @Override
        public String toString() {
            return "items=" + items.size() + ", records=" + records.keySet();
        }
    }

    static LogFixture make(Path folder, SyncPolicy sync, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Path directory = folder.resolve("log");
        write(directory, sync, random, RECORDS, IN_CHECKPOINT);
        State whole = read(directory, folder.resolve("read"), sync, BOOT);
        Path other = folder.resolve("other");
        write(other, sync, random, OF_OTHER, OF_OTHER);
        try (NodeStorage storage = storage(other, sync, BOOT)) {
            Read read = new Read();
            RecoveredLog recovered = storage.openPartition(PARTITION, read);
            ReplicatedLog log = recovered.replicated();
            LogEnd at = log.checkpointEnd().orElseThrow();
            State installed = new State(read.state(log).items(), new TreeMap<>());
            return new LogFixture(directory, sync, whole, at, checkpointOf(log, at), installed);
        }
    }

    private static byte[] checkpointOf(ReplicatedLog log, LogEnd at) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CheckpointPart part;
        do {
            part = log.readCheckpoint(at, bytes.size(), PIECE);
            bytes.writeBytes(part.bytes());
        } while (!part.last());
        return bytes.toByteArray();
    }

    /** As a node that dies leaves it: it never closed in order. */
    private static void write(Path directory, SyncPolicy sync, SplittableRandom random, int records, int inCheckpoint) {
        try (NodeStorage storage = storage(directory, sync, BOOT)) {
            RecoveredLog recovered = storage.openPartition(PARTITION, new Read());
            recovered.sequences().reserve(SequenceLimits.STEP);
            PartitionLog log = recovered.log();
            List<SnapshotItem> items = new ArrayList<>();
            items.add(new SnapshotItem.OfPartition(new Epoch(1), storage.session(), inCheckpoint + 1));
            for (int sequence = 1; sequence <= records; sequence++) {
                LogRecord.Submitted submitted = submitted(sequence, random.nextInt(LONGEST));
                log.append(new Epoch(1), List.of(submitted));
                log.acknowledge(log.end().lsn());
                if (sequence <= inCheckpoint) {
                    items.add(item(submitted));
                }
                if (sequence == inCheckpoint) {
                    log.force();
                    log.acknowledge(log.end().lsn());
                    log.checkpoint(log.end(), items.stream());
                }
            }
        }
    }

    /** What a start finds: that of a copy, for a start is a life of its own. */
    static State read(Path directory, Path copy, SyncPolicy sync, String bootId) throws IOException {
        copy(directory, copy);
        try (NodeStorage storage = storage(copy, sync, bootId)) {
            Read read = new Read();
            return read.state(storage.openPartition(PARTITION, read).log());
        }
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    /** @param bootId names the page cache */
    static NodeStorage storage(Path directory, SyncPolicy sync, String bootId) {
        StorageConfig config = new StorageConfig()
                .setDirectory(directory)
                .setSync(sync)
                .setSegmentSize(SEGMENT_BYTES)
                .setAllowNetworkFileSystem(true);
        return NodeStorage.open(config, 1, SEGMENT_BYTES / 3, "a replica", path -> bootId);
    }

    static LogRecord.Submitted submitted(long sequence, int bytes) {
        byte[] payload = new byte[bytes];
        new SplittableRandom(sequence).nextBytes(payload);
        TaskSpec spec = new TaskSpec("java", "Job", null, null, null, null, 3, TaskSpec.NO_TTL, true);
        return new LogRecord.Submitted(sequence, "jobs", sequence, spec, new Body.Inline(payload));
    }

    private static SnapshotItem item(LogRecord.Submitted of) {
        return new SnapshotItem.OfTask(
                of.sequence(),
                of.executor(),
                of.atMillis(),
                of.spec(),
                of.payload(),
                SnapshotItem.State.UNFINISHED,
                0,
                false,
                0,
                false,
                0,
                0,
                null,
                null,
                null,
                null);
    }

    /** Keeps what is handed over; bodies are read when the log is open. One thread. */
    static final class Read implements ReplayHandler {

        private final List<SnapshotItem> items = new ArrayList<>();
        private final SortedMap<Long, LogRecord.Replicated> records = new TreeMap<>();

        @Override
        public void onSnapshot(SnapshotItem item) {
            items.add(item);
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            records.put(lsn.value(), replicated);
        }

        State state(PartitionLog log) {
            SortedMap<Long, String> told = new TreeMap<>();
            records.forEach((lsn, each) -> told.put(lsn, Described.describe(each, log::read)));
            return new State(
                    items.stream()
                            .map(item -> Described.describe(item, log::read))
                            .toList(),
                    told);
        }
    }
}
