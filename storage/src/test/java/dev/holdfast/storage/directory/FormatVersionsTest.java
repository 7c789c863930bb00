package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each small file as a later version might write it, whole and with its checksum. Segments and checkpoints: PartitionLogContract. */
class FormatVersionsTest {

    private static final PartitionId PARTITION = new PartitionId(7);
    private static final int VERSION = 8;

    @TempDir
    Path directory;

    private interface Reading {
        void read(Path file) throws IOException;
    }

    private interface Newer {
        void make(byte[] content);
    }

    /** A kind of file: its golden copy, what makes a newer one of it, and what opens it. */
    private record Kind(String name, Newer newer, Reading open) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind(
                        "limits.bin",
                        content -> {
                            versionTwo(content, 0, 508, 508);
                            versionTwo(content, 4096, 508, 508);
                        },
                        file -> LimitsFile.open(file, PARTITION.value()).close()),
                new Kind(
                        "high-water.bin",
                        content -> {
                            content[VERSION] = 2;
                            // its marks fit another check: where they fit this one's, a bit of the version has flipped
                            Arrays.fill(content, 16, content.length, (byte) 0x55);
                        },
                        file -> HighWaterMark.open(file, PARTITION).close()),
                new Kind(
                        "epoch.bin",
                        content -> versionTwo(content, 0, 24, 24),
                        file -> new EpochFile(file, PARTITION).load()),
                new Kind(
                        "cluster.bin",
                        content -> versionTwo(content, 0, content.length - 4, content.length - 4),
                        file -> new ClusterFile(file).load()),
                new Kind("node.properties", FormatVersionsTest::propertiesOfVersionTwo, NodeProperties::read));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anUnknownVersionIsRefusedNamingTheOneThatIsNeeded(Kind kind) throws IOException {
        byte[] content = golden(kind.name());
        Path file = Files.write(directory.resolve(kind.name()), content);
        kind.open().read(file);
        byte[] newer = golden(kind.name());
        kind.newer().make(newer);
        Files.write(file, newer);
        assertThatThrownBy(() -> kind.open().read(file))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("format=2")
                .hasMessageContaining("use a Holdfast that reads format 2");
        assertThat(file).hasBinaryContent(newer);
    }

    private static void versionTwo(byte[] content, int start, int covered, int crcAt) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt(start + VERSION)).isEqualTo(1);
        bytes.putInt(start + VERSION, 2);
        bytes.putInt(start + crcAt, crcOf(content, start, covered));
    }

    private static void propertiesOfVersionTwo(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).replace("format-version=1", "format-version=2");
        String lines = text.substring(0, text.indexOf("crc32c="));
        byte[] covered = lines.getBytes(StandardCharsets.UTF_8);
        byte[] newer = (lines + String.format(Locale.ROOT, "crc32c=%08x\n", crcOf(covered, 0, covered.length)))
                .getBytes(StandardCharsets.UTF_8);
        System.arraycopy(newer, 0, content, 0, content.length);
    }

    private static int crcOf(byte[] content, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(content, start, length);
        return (int) crc.getValue();
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream content = Objects.requireNonNull(
                FormatVersionsTest.class.getResourceAsStream("/golden/format-1/" + name), name)) {
            return content.readAllBytes();
        }
    }
}
