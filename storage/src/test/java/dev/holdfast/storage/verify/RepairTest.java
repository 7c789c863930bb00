package dev.holdfast.storage.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.segment.Salvage;
import dev.holdfast.storage.verify.Repair.Marks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a repair takes from the files of a partition, and what it puts in their place. */
class RepairTest {

    private static final int RECORDS = 20;

    @TempDir
    Path directory;

    private Path partition;

    @BeforeEach
    void write() throws IOException {
        partition = DirectoryLayout.partition(directory, StoppedNode.PARTITION);
        StoppedNode.onDisk(directory)
                .run(true, log -> StoppedNode.append(log, Samples.submissions(1, RECORDS, 100, 1)));
    }

    private Marks marks() throws IOException {
        try (Repair repair = Repair.open(directory, "test", true)) {
            return repair.marks(StoppedNode.PARTITION);
        }
    }

    private Path replace(Stream<SnapshotItem> snapshot) throws IOException {
        try (Repair repair = Repair.open(directory, "test", false)) {
            Marks marks = repair.marks(StoppedNode.PARTITION);
            try (Salvage salvage = repair.salvage(StoppedNode.PARTITION, marks, 4096, new SalvageTest.Taken())) {
                return repair.replace(StoppedNode.PARTITION, salvage, marks, 65_537, snapshot);
            }
        }
    }

    private boolean isSound() throws IOException {
        try (Repair repair = Repair.open(directory, "test", true)) {
            return repair.verify().isSound();
        }
    }

    @Test
    void theSmallFilesOfASoundPartitionAreTaken() throws IOException {
        assertThat(marks().mark()).contains(new Lsn(RECORDS));
        assertThat(marks().limits())
                .hasValueSatisfying(
                        limits -> assertThat(limits.reservedEndExclusive()).isEqualTo(65_537));
    }

    @Test
    void aPartitionsDirectoryThatIsMadeToSetItAsideIsPrivateAsAllOthersAre() throws IOException {
        deleteTree(partition);
        try (Repair repair = Repair.open(directory, "test", false)) {
            Path unused = repair.setAside(StoppedNode.PARTITION);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(partition)))
                .isEqualTo("rwx------");
    }

    /** The other one may be older, and an id above what it reserves may have been given out. */
    @Test
    void aReservationOfWhichOneCopyIsDamagedIsNotTaken() throws IOException {
        for (long slot : new long[] {0, 4096}) {
            byte[] before = overwrite(partition.resolve("limits"), slot, new byte[64]);
            assertThat(marks().limits()).as("slot at %s", slot).isEmpty();
            byte[] unused = overwrite(partition.resolve("limits"), slot, before);
        }
        assertThat(marks().limits()).isPresent();
    }

    @Test
    void whatIsNoFileAnyMoreIsDamageLikeAnyOther() throws IOException {
        for (String name : List.of("limits", "high-water")) {
            Files.delete(partition.resolve(name));
            Files.createDirectory(partition.resolve(name));
        }
        assertThat(isSound()).isFalse();
        assertThat(marks()).isEqualTo(new Marks(java.util.Optional.empty(), java.util.Optional.empty()));
        Path aside = replace(Samples.everyItem().stream());
        assertThat(aside.resolve("limits")).isDirectory();
        assertThat(isSound()).isTrue();
    }

    @Test
    void aFileInThePlaceOfThePartitionIsMovedAway() throws IOException {
        deleteTree(partition);
        Files.writeString(partition, "no directory");
        assertThat(isSound()).isFalse();
        assertThat(replace(Samples.everyItem().stream())).hasContent("no directory");
        assertThat(isSound()).isTrue();
    }

    @Test
    void aRepairThatCanNotBeDoneLeavesEverythingAsItWas() throws IOException {
        Stream<SnapshotItem> broken = Samples.everyItem().stream().map(item -> {
            if (item instanceof SnapshotItem.OfTask) {
                throw new IllegalStateException("no room");
            }
            return item;
        });
        assertThatThrownBy(() -> replace(broken)).hasMessage("no room");
        assertThat(directory.resolve("repairing")).doesNotExist();
        assertThat(directory.resolve("quarantine")).doesNotExist();
        assertThat(marks().mark()).contains(new Lsn(RECORDS));
        assertThat(isSound()).isTrue();
    }

    /** Should the partition be lost one day, an old log would come back as the end of a repair. */
    @Test
    void whatAKilledRepairHasLeftOfAPartitionThatIsThereIsToldAndDeleted() throws IOException {
        Path leftover = directory.resolve("repairing").resolve(String.valueOf(partition.getFileName()));
        for (Path left : List.of(leftover, leftover.resolveSibling(leftover.getFileName() + ".tmp"))) {
            Files.createDirectories(left);
            Files.writeString(left.resolve("limits"), "old");
            try (Repair repair = Repair.open(directory, "test", true)) {
                assertThat(repair.verify().findings())
                        .filteredOn(finding -> finding.file().equals(left))
                        .singleElement()
                        .satisfies(finding -> assertThat(finding.toString()).contains("a repair that was killed"));
                assertThat(repair.verify().isSound()).isTrue();
                assertThat(repair.unfinished(repair.verify())).isEmpty();
                assertThatThrownBy(repair::deleteLeftovers).isInstanceOf(IllegalStateException.class);
            }
            try (Repair repair = Repair.open(directory, "test", false)) {
                repair.deleteLeftovers();
                assertThat(repair.verify().isSound()).isTrue();
            }
            assertThat(directory.resolve("repairing")).doesNotExist();
        }
    }

    @Test
    void aStartDeletesWhatAKilledRepairHasLeftAndOnlyThat() throws IOException {
        Path repairing = directory.resolve("repairing");
        Path ofThis = repairing.resolve(String.valueOf(partition.getFileName()));
        Path ofNone = repairing.resolve("partition-9999.tmp");
        Path strange = repairing.resolve("notes");
        for (Path each : List.of(ofThis, ofNone, strange)) {
            Files.createDirectories(each);
        }
        StoppedNode.onDisk(directory).run(true, log -> {});
        assertThat(ofThis).doesNotExist();
        assertThat(ofNone).doesNotExist();
        assertThat(strange).isDirectory();
        assertThat(isSound()).isTrue();
    }

    @Test
    void aStartLeavesARepairThatLacksItsLastStep() throws IOException {
        Path whole = directory.resolve("repairing").resolve(String.valueOf(partition.getFileName()));
        Files.createDirectories(directory.resolve("repairing"));
        Files.move(partition, whole);
        assertThatThrownBy(() -> StoppedNode.onDisk(directory).run(true, log -> {}));
        assertThat(whole.resolve("limits")).exists();
        try (Repair repair = Repair.open(directory, "test", false)) {
            assertThat(repair.unfinished(repair.verify())).containsExactly(StoppedNode.PARTITION);
            repair.finish(StoppedNode.PARTITION);
            repair.deleteLeftovers();
        }
        assertThat(isSound()).isTrue();
        assertThat(marks().mark()).contains(new Lsn(RECORDS));
    }

    @Test
    void aCheckpointThatIsGoneFromARepairedPartitionIsMissed() throws IOException {
        Path unused = replace(Samples.everyItem().stream());
        assertThat(marks().mark()).contains(new Lsn(RECORDS));
        assertThat(isSound()).isTrue();
        try (Stream<Path> files = Files.list(partition)) {
            deleteTree(files.filter(file -> String.valueOf(file.getFileName()).startsWith("checkpoint-"))
                    .findFirst()
                    .orElseThrow());
        }
        assertThat(isSound()).isFalse();
    }

    private static byte[] overwrite(Path file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer before = ByteBuffer.allocate(bytes.length);
            assertThat(channel.read(before, at)).isEqualTo(bytes.length);
            assertThat(channel.write(ByteBuffer.wrap(bytes), at)).isEqualTo(bytes.length);
            return before.array();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
