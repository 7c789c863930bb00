package dev.holdfast.storage;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A data directory with everything that the format has: every record and every item, a payload in chunks, a checkpoint,
 * segments of two sessions, a clean end. Its {@code main} packs one: once for every format that is released.
 */
final class GoldenDirectory {

    static final PartitionId PARTITION = new PartitionId(0);

    /** Above every sequence that the samples have. */
    static final long RESERVED_END = TaskId.MAX_SEQUENCE + 1;

    private static final Epoch FIRST = new Epoch(3);
    private static final Epoch SECOND = new Epoch(5);

    private GoldenDirectory() {}

    static NodeStorage open(Path directory) {
        StorageConfig config = new StorageConfig()
                .setDirectory(directory)
                .setSegmentSize(256 * 1024)
                .setAllowNetworkFileSystem(true);
        return NodeStorage.open(config, 1, 64 * 1024, "golden", path -> "golden boot");
    }

    static void write(Path directory) {
        try (NodeStorage storage = open(directory)) {
            PartitionLog log = storage.openPartition(PARTITION, new Collected()).log();
            log.append(FIRST, Samples.everyRecord(FIRST));
            log.checkpoint(log.end(), Samples.everyItem().stream());
            log.append(FIRST, behindTheCheckpoint());
            log.acknowledge(log.end().lsn());
            storage.markClean();
        }
        try (NodeStorage storage = open(directory)) {
            var opened = storage.openPartition(PARTITION, new Collected());
            opened.sequences().reserve(RESERVED_END);
            opened.log().append(SECOND, ofTheSecondSession());
            opened.log().acknowledge(opened.log().end().lsn());
            storage.markClean();
        }
    }

    /** What replaying it gives, beside {@link Samples#everyItem}. */
    static List<LogRecord.Replicated> records() {
        List<LogRecord.Replicated> records = new ArrayList<>(behindTheCheckpoint());
        records.addAll(ofTheSecondSession());
        return records;
    }

    private static List<LogRecord.Replicated> behindTheCheckpoint() {
        return List.of(Samples.submitted(50, 3_000), Samples.submitted(51, 34_000));
    }

    private static List<LogRecord.Replicated> ofTheSecondSession() {
        return Samples.everyRecord(SECOND);
    }

    /** Argument: the file to pack it into. */
    public static void main(String[] args) throws IOException {
        Path directory = Files.createTempDirectory("golden").resolve("data");
        write(directory);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(Path.of(args[0])));
                Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
    }
}
