package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.segment.NoSpaceException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import net.openhft.posix.PosixAPI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store into a mapped page that the disk has no block for is lost, and says so late or never: so there is none. */
class SpaceAheadTest {

    private static final Epoch EPOCH = new Epoch(1);

    private final FaultyDevice device = new FaultyDevice();

    @TempDir
    private Path directory;

    private ChronicleRig rig;

    @BeforeEach
    void open() {
        rig = new ChronicleRig(directory, new PartitionId(0), SyncPolicy.OS, 256 * 1024, 4096, device);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    /** Whoever else fills the disk may do so at any moment: what is free is no promise. */
    @Test
    void chroniclesFilesHaveTheirBlocksBeforeItWritesThem() {
        rig.open(new Collected()).log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
        assertThat(device.allocatedEnds().keySet())
                .extracting(file -> file.getFileName().toString())
                .contains("19700102F.precreated", "metadata.cq4t");
        assertThat(device.writtenBeforeAllocation())
                .as("but for what has its blocks under its first name")
                .allSatisfy(file -> assertThat(file).hasFileName(ChronicleSegment.FILE));
    }

    @Test
    void aBatchOverManySegmentsWritesNothingThatHasNoBlocks() throws IOException {
        device.allocateAtMost(SpaceAhead.SMALLEST_STEP - 1); // nothing that is taken to be on the safe side
        PartitionLog log = rig.open(new Collected()).log();
        for (int batch = 0; batch < 5; batch++) {
            log.append(EPOCH, Samples.submissions(1 + 40 * batch, 40, 15_000, 1));
        }
        assertThat(rig.segments()).hasSizeGreaterThan(5);
        for (Map.Entry<Path, Long> file : device.allocatedEnds().entrySet()) {
            if (Files.exists(file.getKey())) {
                assertThat(writtenEnd(file.getKey())).as(file.toString()).isLessThanOrEqualTo(file.getValue());
            }
        }
    }

    @Test
    void aFileSystemThatCannotTakeBlocksAheadHoldsALog() {
        device.allocateByWriting();
        PartitionLog log = rig.open(new Collected()).log();
        List<LogRecord.Replicated> kept = new ArrayList<>();
        for (int batch = 0; batch < 5; batch++) {
            kept.addAll(log.append(EPOCH, Samples.submissions(1 + 20 * batch, 20, 15_000, 1)));
        }
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(Samples.describe(replayed.records())).isEqualTo(Samples.describe(kept));
    }

    /** Taken for a file system that can not take blocks, a full one had what it held overwritten by zeros. */
    @Test
    void aFullDiskIsToldThoughTheFirstErrorIsThatOfAnotherCall() throws IOException {
        Path file = Files.write(directory.resolve("held"), new byte[] {1, 2, 3, 4});
        Iterator<Integer> errors = List.of(2, 28).iterator(); // ENOENT, ENOSPC
        PosixAPI system = (PosixAPI) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PosixAPI.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "open", "close" -> 0;
                    case "fallocate" -> -1;
                    case "lastError" -> errors.next();
                    default -> throw new UnsupportedOperationException(method.toString());
                });
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> new SystemDevice(() -> system).allocate(file, channel, 0, 4096))
                    .isInstanceOf(NoSpaceException.class);
        }
        assertThat(file).hasBinaryContent(new byte[] {1, 2, 3, 4});
    }

    private static long writtenEnd(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
