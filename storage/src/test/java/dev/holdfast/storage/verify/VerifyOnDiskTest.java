package dev.holdfast.storage.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.Samples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on real files of Chronicle Queue. */
class VerifyOnDiskTest {

    private static final int RECORDS = 300;

    @TempDir
    Path directory;

    @Test
    void aNodeThatWasClosedIsReadAsItWasWritten() throws IOException {
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(true, log -> {
            StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1));
            StoppedNode.checkpoint(log, Samples.everyItem());
            StoppedNode.append(log, Samples.submissions(1 + RECORDS, 5, 4_000, 1));
        });
        TreeMap<String, String> before = files();
        try (StoppedDirectory stopped = StoppedDirectory.open(directory, "storage verify")) {
            VerifyReport report = new Verifier(stopped).verify();
            assertThat(report.findings()).isEmpty();
            assertThat(report.partitions().get(0).checkpoint()).isEqualTo(new Lsn(RECORDS));
            assertThat(report.partitions().get(0).end().lsn()).isEqualTo(new Lsn(RECORDS + 5));
            StringBuilder yaml = new StringBuilder();
            assertThat(RecordDump.dump(stopped, StoppedNode.PARTITION, new Lsn(RECORDS + 1), 100, yaml))
                    .isEmpty();
            assertThat(yaml.toString().lines().filter(line -> line.startsWith("lsn: ")))
                    .hasSize(5);
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void aKilledNodeIsSoundOnTheSameBootAndAfterAnother() throws IOException {
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(false, log -> StoppedNode.append(log, Samples.submissions(1, RECORDS, 4_000, 1)));
        assertThat(node.verify().isSound()).isTrue();
        node.reboot();
        VerifyReport report = node.verify();
        assertThat(report.isSound()).isTrue();
        assertThat(report.partitions().get(0).records()).isEqualTo(RECORDS);
    }

    @Test
    void anyFlippedByteInsideTheLogIsFound() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        StoppedNode node = StoppedNode.onDisk(directory);
        node.run(true, log -> StoppedNode.append(log, Samples.submissions(1, 100, 4_000, 1)));
        try (StoppedDirectory stopped = StoppedDirectory.open(directory, "test")) {
            Path segment;
            long offset;
            StringBuilder yaml = new StringBuilder();
            assertThat(RecordDump.dump(stopped, StoppedNode.PARTITION, new Lsn(50), 1, yaml))
                    .isEmpty();
            segment = directory.resolve(yaml.toString().replaceAll("(?s).*file: \"?([^\"\n]*).*", "$1"));
            offset = Long.parseLong(yaml.toString().replaceAll("(?s).*offset: (\\d+).*", "$1"));
            for (int round = 0; round < 50; round++) {
                long at = random.nextLong(offset, offset + 52); // its document's word, its header
                byte mask = (byte) (1 << random.nextInt(8));
                flip(segment, at, mask);
                VerifyReport report = new Verifier(stopped, BootId.ofSystem(), Verifier.STORES).verify();
                assertThat(report.findings())
                        .as("seed=%s, round=%s, at=%s, mask=%s", seed, round, at, mask)
                        .anySatisfy(finding -> assertThat(finding.file()).isEqualTo(segment));
                flip(segment, at, mask);
            }
            assertThat(new Verifier(stopped).verify().findings()).isEmpty();
        }
    }

    private static void flip(Path file, long at, byte mask) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ mask));
            channel.write(one.flip(), at);
        }
    }

    /** Every file with its length, time of change and content's hash. */
    private TreeMap<String, String> files() throws IOException {
        TreeMap<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String facts = Files.size(path) + " " + Files.getLastModifiedTime(path) + " "
                        + java.util.Arrays.hashCode(Files.readAllBytes(path));
                files.put(path.toString(), facts);
            }
        }
        return files;
    }
}
