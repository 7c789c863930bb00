package dev.holdfast.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.directory.DirectoryRefusedException;
import dev.holdfast.storage.directory.SetAside;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.segment.StoppedLog;
import dev.holdfast.storage.verify.Finding;
import dev.holdfast.storage.verify.Severity;
import dev.holdfast.storage.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class NodeStorageTest {

    private static final PartitionId ZERO = new PartitionId(0);
    private static final PartitionId ONE = new PartitionId(1);
    private static final Epoch EPOCH = new Epoch(1);

    @TempDir
    private Path parent;

    private NodeStorage open() {
        StorageConfig config = new StorageConfig()
                .setDirectory(parent.resolve("data"))
                .setSegmentSize(1024 * 1024)
                .setAllowNetworkFileSystem(true);
        return NodeStorage.open(config, 2, 300_000, "a", path -> "this boot");
    }

    @Test
    void aNodeThatEndsInOrderSaysSoToTheNext() {
        try (NodeStorage storage = open()) {
            assertThat(storage.session()).isEqualTo(1);
            assertThat(storage.crashed()).isFalse();
            assertThat(storage.partitionCount()).isEqualTo(2);
            assertThat(storage.directory()).isEqualTo(parent.resolve("data").toAbsolutePath());
            append(storage, ZERO, 1, 3);
            append(storage, ONE, 1, 2);
            storage.markClean();
        }
        try (NodeStorage storage = open()) {
            assertThat(storage.session()).isEqualTo(2);
            assertThat(storage.crashed()).isFalse();
            RecoveredLog recovered = storage.openPartition(ZERO, new Collected());
            assertThat(recovered.crashed()).isFalse();
            assertThat(recovered.nextSequence()).isEqualTo(4);
            assertThat(recovered.recordsReplayed()).isEqualTo(3);
        }
        try (NodeStorage storage = open()) {
            assertThat(storage.crashed())
                    .as("nobody said that it ended in order")
                    .isTrue();
            assertThat(storage.openPartition(ZERO, new Collected()).crashed()).isTrue();
            assertThat(storage.openPartition(ONE, new Collected()).crashed()).isFalse();
        }
    }

    @Test
    void aLogThatWasClosedBeforeIsMarkedToo() {
        try (NodeStorage storage = open()) {
            PartitionLog log = append(storage, ZERO, 1, 3);
            log.close();
            storage.markClean();
        }
        try (NodeStorage storage = open()) {
            assertThat(storage.openPartition(ZERO, new Collected()).crashed()).isFalse();
        }
    }

    @Test
    @Timeout(30)
    void whoReadsALogThatIsClosedIsToldSo() {
        try (NodeStorage storage = open()) {
            ReplicatedLog log = storage.openPartition(ZERO, new Collected()).replicated();
            LogRecord.Replicated kept =
                    log.append(EPOCH, List.of(Samples.submitted(1, 10_000))).get(0);
            Body.Stored body = (Body.Stored) ((LogRecord.Submitted) kept).payload();
            log.close();
            assertThatThrownBy(() -> log.read(body))
                    .isInstanceOf(LogFailedException.class)
                    .hasMessageContaining("closed");
            assertThatThrownBy(() -> log.readAfter(LogEnd.EMPTY, 1_000))
                    .isInstanceOf(LogFailedException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void aDamagedPartitionRefusesAndTheOthersServe() throws IOException {
        try (NodeStorage storage = open()) {
            append(storage, ZERO, 1, 3);
            append(storage, ONE, 1, 3);
            storage.markClean();
        }
        damage("partition-0000");
        try (NodeStorage storage = open()) {
            assertThatThrownBy(() -> storage.openPartition(ZERO, new Collected()))
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContaining("partition=0")
                    .hasMessageContaining("19700102F.cq4")
                    .hasMessageContaining("the other partitions serve");
            append(storage, ONE, 4, 1);
            storage.markClean();
        }
        try (NodeStorage storage = open()) {
            assertThatThrownBy(() -> storage.openPartition(ZERO, new Collected()))
                    .as("still")
                    .isInstanceOf(LogDamagedException.class);
            assertThat(storage.openPartition(ONE, new Collected()).recordsReplayed())
                    .isEqualTo(4);
        }
    }

    @Test
    void aDamagedLogIsSetAsideWholeAndAnEmptyOneIsBegun() throws IOException {
        long reserved;
        try (NodeStorage storage = open()) {
            RecoveredLog before = storage.openPartition(ZERO, new Collected());
            before.sequences().reserve(100);
            before.log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
            before.log().acknowledge(before.log().end().lsn());
            append(storage, ONE, 1, 2);
            storage.epochFile(ZERO).store(new Epoch(7));
            reserved = storage.reservedEndExclusive();
            storage.markClean();
        }
        damage("partition-0000");
        Path segment = segmentOf(parent.resolve("data").resolve("partition-0000"));
        byte[] damaged = Files.readAllBytes(segment);
        try (NodeStorage storage = open()) {
            assertThatThrownBy(() -> storage.openPartition(ZERO, new Collected()))
                    .isInstanceOf(LogDamagedException.class);
            Path aside = storage.setAside(ZERO);
            assertThat(Files.readAllBytes(segmentOf(aside))).isEqualTo(damaged);
            Collected replayed = new Collected();
            RecoveredLog empty = storage.openPartition(ZERO, replayed);
            assertThat(replayed.entries()).isEmpty();
            assertThat(empty.log().end()).isEqualTo(LogEnd.EMPTY);
            assertThat(empty.replicated().isEmptied()).isTrue();
            assertThat(empty.replicated().isSuspect()).isTrue();
            assertThat(empty.nextSequence()).as("no id twice").isGreaterThanOrEqualTo(reserved);
            assertThat(storage.epochFile(ZERO).load()).isEqualTo(new Epoch(7));
            assertThat(storage.openPartition(ONE, new Collected()).recordsReplayed())
                    .isEqualTo(2);
            storage.markClean();
        }
        try (NodeStorage storage = open()) {
            ReplicatedLog log = storage.openPartition(ZERO, new Collected()).replicated();
            assertThat(log.isEmptied()).as("a restart makes up for nothing").isTrue();
            log.settle();
            assertThat(log.isEmptied()).isFalse();
            storage.markClean();
        }
        try (NodeStorage storage = open()) {
            RecoveredLog again = storage.openPartition(ZERO, new Collected());
            assertThat(again.replicated().isEmptied()).isFalse();
            assertThat(again.crashed()).isFalse();
        }
    }

    @Test
    void sinceWhenItLearnsIsNotedWithTheMarkAndGoesWithIt() throws IOException {
        Path mark = parent.resolve("data").resolve("partition-0000").resolve("emptied");
        try (NodeStorage storage = open()) {
            ReplicatedLog whole = storage.openPartition(ZERO, new Collected()).replicated();
            whole.noteLearnsSince(3);
            assertThat(mark).doesNotExist();
            Path unused = storage.setAside(ZERO);
            ReplicatedLog log = storage.openPartition(ZERO, new Collected()).replicated();
            assertThat(log.learnsSince()).as("a mark of before this was noted").isEmpty();
            assertThat(log.hasLostPageCache()).isFalse();
            log.noteLearnsSince(12);
            assertThat(log.learnsSince()).hasValue(12);
        }
        assertThat(Files.readString(mark)).isEqualTo("target=partition-0000-1\nmoved=yes\nlearns=12\n");
        try (NodeStorage storage = open()) {
            ReplicatedLog log = storage.openPartition(ZERO, new Collected()).replicated();
            assertThat(log.isEmptied()).isTrue();
            assertThat(log.learnsSince()).hasValue(12);
            Path unused = storage.setAside(ZERO);
            ReplicatedLog again = storage.openPartition(ZERO, new Collected()).replicated();
            assertThat(again.isEmptied()).isTrue();
            assertThat(again.learnsSince()).as("that was another log").isEmpty();
            again.noteLearnsSince(20);
            again.settle();
            assertThat(again.learnsSince()).isEmpty();
            assertThat(mark).doesNotExist();
        }
    }

    @Test
    void aLogThatIsOpenIsSetAsideToo() throws IOException {
        try (NodeStorage storage = open()) {
            PartitionLog log = append(storage, ZERO, 1, 3);
            Path first = storage.setAside(ZERO);
            assertThatThrownBy(() -> log.append(EPOCH, Samples.submissions(4, 1, 10, 1)))
                    .isInstanceOf(LogFailedException.class);
            append(storage, ZERO, 10, 1);
            Path second = storage.setAside(ZERO);
            assertThat(first).isNotEqualTo(second);
            assertThat(segmentOf(first)).exists();
            assertThat(segmentOf(second)).exists();
        }
    }

    @Test
    void notMoreLogsAreSetAsideThanAreKept() {
        try (NodeStorage storage = open()) {
            for (int i = 0; i < SetAside.MAX_PER_PARTITION; i++) {
                storage.setAside(ZERO);
            }
            append(storage, ZERO, 1, 3);
            assertThatThrownBy(() -> storage.setAside(ZERO))
                    .isInstanceOf(DirectoryRefusedException.class)
                    .hasMessageContaining("partition=0")
                    .hasMessageContaining("copies=8");
            assertThat(storage.openPartition(ZERO, new Collected()).recordsReplayed())
                    .isEqualTo(3);
            assertThat(storage.setAside(ONE)).isDirectory();
        }
    }

    /** The first file has moved, and the process died. */
    @Test
    void whatAProcessThatDiedHadLeftToMoveIsMovedByTheNext() throws IOException {
        try (NodeStorage storage = open()) {
            append(storage, ZERO, 1, 3);
            storage.markClean();
        }
        Path partition = parent.resolve("data").resolve("partition-0000");
        Path target = parent.resolve("data").resolve("quarantine").resolve("partition-0000-1");
        Files.createDirectories(target);
        Files.writeString(partition.resolve("emptied"), "target=partition-0000-1\nmoved=no\n");
        Files.move(partition.resolve("high-water"), target.resolve("high-water"));
        try (NodeStorage storage = open()) {
            RecoveredLog log = storage.openPartition(ZERO, new Collected());
            assertThat(log.recordsReplayed()).isZero();
            assertThat(log.replicated().isEmptied()).isTrue();
        }
        assertThat(segmentOf(target)).exists();
        assertThat(Files.readString(partition.resolve("emptied"))).contains("moved=yes");
    }

    @Test
    void limitsThatAreDamagedThemselvesGoAlong() throws IOException {
        try (NodeStorage storage = open()) {
            append(storage, ZERO, 1, 3);
            storage.markClean();
        }
        Path limits = parent.resolve("data").resolve("partition-0000").resolve("limits");
        Files.write(limits, new byte[100]);
        try (NodeStorage storage = open()) {
            assertThatThrownBy(() -> storage.openPartition(ZERO, new Collected()))
                    .isInstanceOf(LogDamagedException.class);
            Path aside = storage.setAside(ZERO);
            assertThat(aside.resolve("limits")).hasSize(100);
            assertThat(storage.openPartition(ZERO, new Collected()).recordsReplayed())
                    .isZero();
        }
    }

    @Test
    void whatWasSetAsideIsFoundByTheVerifier() throws IOException {
        try (NodeStorage storage = open()) {
            append(storage, ZERO, 1, 3);
            storage.setAside(ZERO);
            storage.openPartition(ONE, new Collected());
            storage.markClean();
        }
        try (StoppedDirectory stopped = StoppedDirectory.open(parent.resolve("data"), "storage verify")) {
            List<Finding> findings = new Verifier(stopped).verify().findings();
            assertThat(findings)
                    .hasSize(2)
                    .allSatisfy(finding -> assertThat(finding.partition()).isEqualTo(ZERO));
            assertThat(findings).extracting(Finding::severity).containsExactly(Severity.WARNING, Severity.NOTE);
            assertThat(findings.get(1).file()).hasFileName("partition-0000-1");
        }
    }

    private static Path segmentOf(Path partition) {
        return partition.resolve("segment-000000").resolve("19700102F.cq4");
    }

    @Test
    void aSegmentThatCannotHoldThreePayloadsIsRefused() {
        StorageConfig config =
                new StorageConfig().setDirectory(parent.resolve("data")).setSegmentSize(1024 * 1024);
        assertThatThrownBy(() -> NodeStorage.open(config, 1, 1024 * 1024, "a", path -> "boot"))
                .hasMessageContaining("max-payload=1048576");
        assertThat(parent.resolve("data")).doesNotExist();
    }

    @Test
    void aStoppedDirectoryIsReadWithoutChangingAByte() throws IOException {
        List<LogRecord.Replicated> kept;
        try (NodeStorage storage = open()) {
            PartitionLog log = storage.openPartition(ZERO, new Collected()).log();
            log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
            log.checkpoint(log.end(), Samples.everyItem().stream());
            kept = log.append(EPOCH, List.of(Samples.submitted(4, 9000), Samples.submitted(5, 60_000)));
        }
        // as a kill leaves it: a record that was being written, a segment made ahead, a checkpoint not finished
        Path partition = parent.resolve("data").resolve("partition-0000");
        Path segment = partition.resolve("segment-000000").resolve("19700102F.cq4");
        byte[] content = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(content, content.length + 100));
        Files.createDirectory(partition.resolve("segment-000001"));
        Files.createDirectory(partition.resolve("checkpoint-000001.tmp"));
        Map<String, String> before = everyFile();
        try (ReadOnlyStorage storage = ReadOnlyStorage.open(parent.resolve("data"), "tasks list")) {
            assertThat(storage.partitions()).containsExactly(ZERO, ONE);
            assertThat(storage.identity().partitionCount()).isEqualTo(2);
            Collected replayed = new Collected();
            try (StoppedLog log = storage.replay(ZERO, replayed)) {
                assertThat(Samples.describe(replayed.records())).isEqualTo(Samples.describe(kept));
                assertThat(Samples.describe(replayed.items())).isEqualTo(Samples.describe(Samples.everyItem()));
                Body.Stored stored = (Body.Stored) ((LogRecord.Submitted) kept.get(1)).payload();
                assertThat(log.read(stored)).isEqualTo(Samples.bytes(60_000, 5));
                assertThat(log.end().lsn()).isEqualTo(replayed.entries().get(1).lsn());
            }
            try (StoppedLog log = storage.replay(ONE, new Collected())) {
                assertThat(log.recordsReplayed()).isZero();
            }
        }
        assertThat(everyFile()).isEqualTo(before);
    }

    @Test
    void aDirectoryThatANodeHoldsIsNotReadBehindItsBack() {
        try (NodeStorage storage = open()) {
            assertThatThrownBy(() -> ReadOnlyStorage.open(storage.directory(), "tasks list"))
                    .isInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("pid=" + ProcessHandle.current().pid());
        }
    }

    private static PartitionLog append(NodeStorage storage, PartitionId partition, long first, int count) {
        PartitionLog log = storage.openPartition(partition, new Collected()).log();
        log.append(EPOCH, Samples.submissions(first, count, 100, 1));
        log.acknowledge(log.end().lsn());
        return log;
    }

    private void damage(String partition) throws IOException {
        Path file = parent.resolve("data")
                .resolve(partition)
                .resolve("segment-000000")
                .resolve("19700102F.cq4");
        byte[] content = Files.readAllBytes(file);
        content[content.length - 40] ^= 16;
        Files.write(file, content);
    }

    /** Content of every file and name of every directory, but the lock's note of who looks. */
    private Map<String, String> everyFile() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(parent)) {
            for (Path path : all.toList()) {
                if (!path.endsWith("node.lock")) {
                    boolean file = Files.isRegularFile(path);
                    files.put(path.toString(), file ? Arrays.hashCode(Files.readAllBytes(path)) + "" : "directory");
                }
            }
        }
        return files;
    }
}
