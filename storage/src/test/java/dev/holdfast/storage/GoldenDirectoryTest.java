package dev.holdfast.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.verify.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole data directory as format 1 was released: today's code opens it, with everything that is in it. */
class GoldenDirectoryTest {

    @TempDir
    Path folder;

    @Test
    void aDirectoryOfFormatOneIsOpenedWithEverythingThatIsInIt() throws IOException {
        Path directory = folder.resolve("data");
        unpack("/golden/format-1/directory.zip", directory);
        assertWhole(directory);
    }

    @Test
    void whatIsWrittenTodayIsTheSame() throws IOException {
        Path directory = folder.resolve("data");
        GoldenDirectory.write(directory);
        assertWhole(directory);
    }

    private static void assertWhole(Path directory) throws IOException {
        try (StoppedDirectory stopped = StoppedDirectory.open(directory, "a test that verifies")) {
            assertThat(new Verifier(stopped).verify().findings()).isEmpty();
        }
        Collected replayed = new Collected();
        try (NodeStorage storage = GoldenDirectory.open(directory)) {
            assertThat(storage.session()).isEqualTo(3);
            assertThat(storage.crashed()).isFalse();
            RecoveredLog recovered = storage.openPartition(GoldenDirectory.PARTITION, replayed);
            assertThat(recovered.crashed()).isFalse();
            assertThat(recovered.sequences().reservedEndExclusive()).isEqualTo(GoldenDirectory.RESERVED_END);
            PartitionLog log = recovered.log();
            assertThat(Samples.describe(replayed.items())).isEqualTo(Samples.describe(Samples.everyItem()));
            assertThat(Samples.describe(inline(log, replayed.records())))
                    .isEqualTo(Samples.describe(GoldenDirectory.records()));
            log.append(new Epoch(6), List.of(Samples.submitted(60, 100)));
        }
    }

    /** With the bodies that stay in the log read from there. */
    private static List<LogRecord.Replicated> inline(PartitionLog log, List<LogRecord.Replicated> records) {
        List<LogRecord.Replicated> whole = new ArrayList<>(records);
        for (int i = 0; i < whole.size(); i++) {
            if (whole.get(i) instanceof LogRecord.Submitted submitted
                    && submitted.payload() instanceof Body.Stored stored) {
                whole.set(
                        i,
                        new LogRecord.Submitted(
                                submitted.sequence(),
                                submitted.executor(),
                                submitted.atMillis(),
                                submitted.spec(),
                                new Body.Inline(log.read(stored)),
                                submitted.request()));
            }
        }
        return whole;
    }

    private static void unpack(String resource, Path directory) throws IOException {
        try (InputStream in =
                        Objects.requireNonNull(GoldenDirectoryTest.class.getResourceAsStream(resource), resource);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
            }
        }
    }
}
