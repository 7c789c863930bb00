package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFileTest {

    private static final BootId BOOT = path -> "boot-1";
    private static final ClusterMark MARK =
            new ClusterMark(UUID.randomUUID(), 5, ByteBuffer.wrap(new byte[] {1, 2, 3}), 7, 8, true);

    @TempDir
    Path directory;

    private DataDirectory open(int partitions, boolean clustered) throws IOException {
        return DataDirectory.open(directory, new DataDirectory.Options("a", partitions, false, clustered, BOOT));
    }

    @Test
    void whatWasStoredIsLoaded() throws IOException {
        ClusterFile file = ClusterFile.in(directory);
        assertThat(file.load()).isEmpty();
        file.store(MARK);
        assertThat(file.load()).contains(MARK);
        assertThat(file.load().orElseThrow().foundingBytes()).containsExactly(1, 2, 3);
        ClusterMark next = MARK.inSession(8).withNextPending();
        file.store(next);
        assertThat(file.load()).contains(next);
        assertThat(next.session()).isEqualTo(8);
        assertThat(next.pending()).isEqualTo(9);
    }

    @Test
    void everyFlippedBitAndEveryMissingByteIsSeen() throws IOException {
        ClusterFile file = ClusterFile.in(directory);
        file.store(MARK);
        Path path = DirectoryLayout.cluster(directory);
        byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < whole.length; i++) {
            byte[] flipped = whole.clone();
            flipped[i] ^= 1;
            Files.write(path, flipped);
            assertThatThrownBy(file::load).as("byte %s", i).isInstanceOf(DamagedFileException.class);
            Files.write(path, java.util.Arrays.copyOf(whole, i));
            assertThatThrownBy(file::load).as("first %s bytes", i).isInstanceOf(DamagedFileException.class);
        }
    }

    @Test
    void sessionsThatCanNotBeAreRefused() {
        assertThatThrownBy(() -> new ClusterMark(UUID.randomUUID(), 5, ByteBuffer.wrap(new byte[1]), 7, 9, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("session=7", "pending=9");
        assertThatThrownBy(() -> new ClusterMark(UUID.randomUUID(), 5, ByteBuffer.allocate(0), 7, 7, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theDirectoryOfAMemberIsOpenedByMembersOnly() throws IOException {
        try (DataDirectory opened = open(5, true)) {
            ClusterFile.in(opened.path()).store(MARK);
        }
        assertThatThrownBy(() -> open(5, false))
                .isInstanceOf(DirectoryRefusedException.class)
                .hasMessageContainingAll("belongs to a cluster", "[HF-0309]");
        try (DataDirectory opened = open(16, true)) {
            assertThat(opened.properties().partitionCount()).isEqualTo(5);
        }
    }

    @Test
    void aDirectoryWithoutRecordsTakesAnyPartitionCount() throws IOException {
        UUID disk;
        try (DataDirectory opened = open(4, true)) {
            disk = opened.properties().diskId();
            opened.adoptPartitionCount(6);
            assertThat(opened.properties().partitionCount()).isEqualTo(6);
            assertThat(DirectoryLayout.partitions(opened.path())).hasSize(6);
            opened.openLimits(new PartitionId(5)).close();
            opened.openHighWaterMark(new PartitionId(5)).close();
            opened.adoptPartitionCount(2);
            assertThat(DirectoryLayout.partitions(opened.path()))
                    .containsExactly(new PartitionId(0), new PartitionId(1));
        }
        try (DataDirectory again = open(2, false)) {
            assertThat(again.properties().diskId()).isEqualTo(disk);
            assertThat(again.reservedEndExclusive()).isEqualTo(Limits.NOTHING_RESERVED);
        }
    }

    @Test
    void aDirectoryWithRecordsKeepsItsPartitionCount() throws IOException {
        try (DataDirectory opened = open(4, true)) {
            assertThat(opened.holdsRecords()).isFalse();
            Files.createDirectory(opened.partitionPath(new PartitionId(3)).resolve("segment-000001"));
            assertThat(opened.holdsRecords()).isTrue();
            assertThatThrownBy(() -> opened.adoptPartitionCount(6))
                    .isInstanceOf(DirectoryRefusedException.class)
                    .hasMessageContainingAll("partition-count=4", "of the cluster=6", "[HF-0303]");
            opened.adoptPartitionCount(4);
        }
    }
}
