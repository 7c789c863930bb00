package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as format 1 wrote them: whoever changes the format breaks this, and has to read these all the same. */
class GoldenFilesTest {

    private static final PartitionId PARTITION = new PartitionId(7);
    private static final Limits LIMITS = new Limits(3, false, "3c1f-boot device 8:1 mount 27", 131_073);
    private static final NodeProperties PROPERTIES = new NodeProperties(
            UUID.fromString("01234567-89ab-4def-8123-456789abcdef"),
            UUID.fromString("fedcba98-7654-4321-8fed-cba987654321"),
            16);

    @TempDir
    Path directory;

    @Test
    void theLimitsFile() throws IOException {
        Path file = directory.resolve("limits.bin");
        LimitsFile.create(file, PARTITION.value(), LIMITS);
        assertGolden(file);
        assertThat(LimitsFile.read(golden("limits.bin"), PARTITION.value()).limits())
                .isEqualTo(LIMITS);
    }

    @Test
    void theHighWaterMark() throws IOException {
        Path file = directory.resolve("high-water.bin");
        HighWaterMark.create(file, PARTITION);
        try (HighWaterMark mark = HighWaterMark.open(file, PARTITION)) {
            mark.raise(new Lsn(1_000_000_007));
        }
        assertGolden(file);
        assertThat(HighWaterMark.read(golden("high-water.bin"), PARTITION)).isEqualTo(new Lsn(1_000_000_007));
    }

    @Test
    void theEpoch() throws IOException {
        EpochFile file = new EpochFile(directory.resolve("epoch.bin"), PARTITION);
        assertThat(file.load()).isEqualTo(Epoch.NONE);
        file.store(new Epoch(7));
        file.store(new Epoch(1_000_000_007));
        assertGolden(directory.resolve("epoch.bin"));
        assertThat(new EpochFile(golden("epoch.bin"), PARTITION).load()).isEqualTo(new Epoch(1_000_000_007));
        assertThatThrownBy(() -> new EpochFile(golden("epoch.bin"), new PartitionId(0)).load())
                .isInstanceOf(DamagedFileException.class);
        byte[] content = Files.readAllBytes(golden("epoch.bin"));
        content[17] ^= 1;
        Files.write(directory.resolve("epoch.bin"), content);
        assertThatThrownBy(file::load).isInstanceOf(DamagedFileException.class);
    }

    @Test
    void theMembership() throws IOException {
        ClusterMark mark = new ClusterMark(
                PROPERTIES.clusterUuid(), 16, ByteBuffer.wrap("founding".getBytes(StandardCharsets.UTF_8)), 3, 4, true);
        Path file = directory.resolve("cluster.bin");
        new ClusterFile(file).store(mark);
        assertGolden(file);
        assertThat(new ClusterFile(golden("cluster.bin")).load()).contains(mark);
    }

    @Test
    void theNodeProperties() throws IOException {
        Path file = directory.resolve("node.properties");
        PROPERTIES.write(file);
        assertGolden(file);
        assertThat(NodeProperties.read(golden("node.properties"))).isEqualTo(PROPERTIES);
    }

    private void assertGolden(Path written) throws IOException {
        assertThat(written).hasSameBinaryContentAs(golden(String.valueOf(written.getFileName())));
    }

    private Path golden(String name) throws IOException {
        Path copy = directory.resolve("golden-" + name);
        try (InputStream content =
                Objects.requireNonNull(GoldenFilesTest.class.getResourceAsStream("/golden/format-1/" + name), name)) {
            if (!Files.exists(copy)) {
                Files.copy(content, copy);
            }
        }
        return copy;
    }
}
