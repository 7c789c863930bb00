package dev.holdfast.storage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.memory.MemoryStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifierTest {

    private static final int RECORDS = 300;

    @TempDir
    Path directory;

    private StoppedNode node;

    @BeforeEach
    void create() {
        node = StoppedNode.inMemory(directory);
    }

    @Test
    void aNodeThatWasClosedInOrderHasNothingToTell() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1)));
        VerifyReport report = node.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.isSound()).isTrue();
        assertThat(report.properties().orElseThrow().partitionCount()).isEqualTo(1);
        PartitionTotals totals = report.partitions().get(0);
        assertThat(totals.records()).isEqualTo(RECORDS);
        assertThat(totals.end().lsn()).isEqualTo(new Lsn(RECORDS));
        assertThat(totals.highWaterMark()).isEqualTo(new Lsn(RECORDS));
        assertThat(totals.segments()).isGreaterThan(2);
        assertThat(totals.bytes()).isGreaterThan(RECORDS * 2_000L);
        assertThat(totals.reservedEndExclusive()).isEqualTo(65_537);
        assertThat(totals.session()).isEqualTo(1);
        assertThat(totals.clean()).isTrue();
        assertThat(totals.checkpoint()).isEqualTo(Lsn.NONE);
    }

    @Test
    void aNewNodeHasNothingToTell() throws IOException {
        node.run(true, log -> {});
        assertThat(node.verify().findings()).isEmpty();
    }

    @Test
    void aKilledNodeIsSoundAndNotCalledClean() throws IOException {
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1)));
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isTrue();
        assertThat(report.partitions().get(0).clean()).isFalse();
        assertThat(report.partitions().get(0).records()).isEqualTo(RECORDS);
    }

    @Test
    void aCheckpointIsReadAndCounted() throws IOException {
        List<SnapshotItem> items = Samples.everyItem();
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1));
            StoppedNode.checkpoint(log, items);
            StoppedNode.append(log, Samples.submissions(1 + RECORDS, 3, 4_000, 1));
        });
        VerifyReport report = node.verify();
        assertThat(report.findings()).isEmpty();
        PartitionTotals totals = report.partitions().get(0);
        assertThat(totals.checkpoint()).isEqualTo(new Lsn(RECORDS));
        assertThat(totals.checkpointItems()).isEqualTo(items.size());
        assertThat(totals.end().lsn()).isEqualTo(new Lsn(RECORDS + 3));
    }

    @Test
    void aTruncatedLogIsSoundAndWhatWasVoidedIsNeitherCountedNorShown() throws IOException {
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, 300, 4_000, 1));
            log.truncate(new Lsn(40));
            StoppedNode.append(log, Samples.submissions(1_000, 3, 4_000, 2));
        });
        assertThat(node.store().contents().segments()).hasSizeGreaterThan(3);
        VerifyReport report = node.verify();
        assertThat(report.findings()).isEmpty();
        assertThat(report.partitions().get(0).records()).isEqualTo(43);
        assertThat(report.partitions().get(0).end().lsn()).isEqualTo(new Lsn(43));
        String dump = node.dump(Lsn.NONE, Long.MAX_VALUE);
        assertThat(dump).contains("truncated", "lsn: 43").doesNotContain("lsn: 44");
    }

    @Test
    void aTornTailOfAKilledNodeIsANote() throws IOException {
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, 10, 100, 1)));
        long offset = node.verify().partitions().get(0).bytes();
        byte[] content = newest();
        byte[] torn = Arrays.copyOf(content, Math.max(content.length, (int) offset + 64));
        torn[(int) offset] = 40; // a document of 40 bytes that are not there
        MemoryStores.replaceSegment(node.store(), newestNumber(), torn);
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isTrue();
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.NOTE);
            assertThat(finding.partition()).isEqualTo(StoppedNode.PARTITION);
        });
    }

    @Test
    void everyDamagedFileIsNamedAndNotOnlyTheFirst() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1)));
        List<Long> segments = node.store().contents().segments();
        flip(segments.get(0), 1_000);
        flip(segments.get(1), 2_000);
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isFalse();
        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() == Severity.DAMAGE)
                .extracting(finding -> finding.file().getFileName().toString())
                .containsExactlyInAnyOrder("segment-" + segments.get(0), "segment-" + segments.get(1));
        assertThat(report.findings()).allSatisfy(finding -> {
            assertThat(finding.offset()).isNotNegative();
            assertThat(finding.expected()).isNotEqualTo(finding.found());
        });
    }

    @Test
    void acknowledgedRecordsThatAreMissingAreDamage() throws IOException {
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, 10, 100, 1)));
        cutTail();
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isFalse();
        assertThat(report.findings().get(0).toString()).contains("file=").contains("expected=");
    }

    @Test
    void theSameAfterALossOfPowerIsAWarning() throws IOException {
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, 10, 100, 1)));
        cutTail();
        node.reboot();
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isTrue();
        assertThat(report.findings()).extracting(Finding::severity).containsOnly(Severity.WARNING);
    }

    @Test
    void aDamagedCheckpointIsDamage() throws IOException {
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, 20, 100, 1));
            StoppedNode.checkpoint(log, Samples.everyItem());
        });
        long number = node.store().contents().checkpoints().get(0);
        byte[] content = MemoryStores.checkpoint(node.store(), number);
        content[content.length / 2] ^= 1;
        MemoryStores.replaceCheckpoint(node.store(), number, content);
        assertThat(node.verify().findings())
                .filteredOn(finding -> finding.severity() == Severity.DAMAGE)
                .singleElement()
                .satisfies(finding -> assertThat(finding.file().toString()).contains("checkpoint-" + number));
    }

    @Test
    void damagedSmallFilesAreTold() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, 20, 100, 1)));
        Path partition = DirectoryLayout.partition(directory, StoppedNode.PARTITION);
        Path limits = DirectoryLayout.limits(partition);
        damage(limits, 20);
        assertThat(node.verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.file()).isEqualTo(limits);
        });
        damage(limits, 4096 + 20);
        damage(DirectoryLayout.highWaterMark(partition), 3);
        damage(DirectoryLayout.nodeLimits(directory), 3);
        damage(DirectoryLayout.nodeProperties(directory), 70);
        VerifyReport report = node.verify();
        assertThat(report.properties()).isEmpty();
        assertThat(report.findings())
                .filteredOn(finding -> finding.severity() == Severity.DAMAGE)
                .extracting(Finding::file)
                .containsExactlyInAnyOrder(
                        DirectoryLayout.nodeProperties(directory), limits, DirectoryLayout.highWaterMark(partition));
        assertThat(report.partitions().get(0).records()).isEqualTo(20);
    }

    @Test
    void aMissingPartitionIsDamage() throws IOException {
        node.run(true, log -> {});
        Path partition = DirectoryLayout.partition(directory, StoppedNode.PARTITION);
        Files.move(partition, directory.resolve("elsewhere"));
        assertThat(node.verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.DAMAGE);
            assertThat(finding.file()).isEqualTo(partition);
        });
    }

    @Test
    void aDirectoryOfAPartitionThatThereIsNotIsToldAndKeepsNobodyDown() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, 3, 100, 1)));
        Path stray = Files.createDirectory(directory.resolve("partition-0002"));
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isTrue();
        assertThat(report.partitions()).hasSize(1);
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.file()).isEqualTo(stray);
        });
    }

    @Test
    void aReservationBelowTheLogIsFromAnOlderCopy() throws IOException {
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(70_000, 3, 100, 1)));
        assertThat(node.verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.found()).contains("reservedEndExclusive=65537");
        });
    }

    @Test
    void lookingChangesNothing() throws IOException {
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1)));
        flip(node.store().contents().segments().get(1), 2_000);
        Map<Path, byte[]> before = files();
        byte[] segment = newest();
        node.verify();
        node.dump(Lsn.NONE, Long.MAX_VALUE);
        Map<Path, byte[]> after = files();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach(
                (file, content) -> assertThat(after.get(file)).as("%s", file).isEqualTo(content));
        assertThat(newest()).isEqualTo(segment);
    }

    private Map<Path, byte[]> files() throws IOException {
        Map<Path, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.filter(Files::isRegularFile).forEach(path -> files.put(path, read(path)));
        }
        return files;
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long newestNumber() throws IOException {
        List<Long> segments = node.store().contents().segments();
        return segments.get(segments.size() - 1);
    }

    private byte[] newest() throws IOException {
        return MemoryStores.segment(node.store(), newestNumber());
    }

    private void cutTail() throws IOException {
        byte[] content = newest();
        int end = (int) node.verify().partitions().get(0).bytes();
        Arrays.fill(content, end - 200, content.length, (byte) 0);
        MemoryStores.replaceSegment(node.store(), newestNumber(), content);
    }

    private void flip(long segment, int offset) {
        byte[] content = MemoryStores.segment(node.store(), segment);
        content[offset] ^= 1;
        MemoryStores.replaceSegment(node.store(), segment, content);
    }

    private static void damage(Path file, int offset) throws IOException {
        byte[] content = Files.readAllBytes(file);
        content[offset] ^= 1;
        Files.write(file, content);
    }
}
