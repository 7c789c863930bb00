package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next process makes of files that are unfinished, damaged, gone or not ours. */
class ChronicleLogOpeningTest {

    private static final Epoch EPOCH = new Epoch(1);

    private final FaultyDevice device = new FaultyDevice();
    private final List<ChronicleRig> rigs = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeRigs() {
        device.failNoReads();
        rigs.forEach(ChronicleRig::close);
    }

    private ChronicleRig rig() {
        ChronicleRig rig = new ChronicleRig(
                directory.resolve("rig-" + rigs.size()), new PartitionId(0), SyncPolicy.OS, 256 * 1024, 4096, device);
        rigs.add(rig);
        return rig;
    }

    @Test
    void aSegmentWhoseMakingWasCutShortIsSetAside() throws IOException {
        ChronicleRig rig = rig();
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.acknowledge(log.end().lsn());
        rig.kill();
        Path aborted = rig.partitionPath().resolve("segment-000009");
        Files.createDirectory(aborted);
        Files.write(aborted.resolve(ChronicleSegment.FILE), new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        Collected replayed = new Collected();
        RecoveredLog recovered = rig.open(replayed);
        assertThat(replayed.records()).hasSize(3);
        assertThat(recovered.setAside())
                .hasValueSatisfying(what -> assertThat(what).contains("segment-000009"));
        assertThat(rig.partitionPath().resolve("set-aside").resolve("segment-000009"))
                .isDirectory();
        recovered.log().append(EPOCH, Samples.submissions(4, 1, 100, 1));
        assertThat(rig.segments()).as("numbers are not used again").contains(10L);
    }

    @Test
    void aDirectoryThatWasMadeAheadAndNeverUsedIsRemoved() throws IOException {
        ChronicleRig rig = rig();
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, List.of(Samples.submitted(1, 150_000)));
        log.acknowledge(log.end().lsn());
        assertThat(rig.segments()).as("one is made ahead at half fill").hasSize(2);
        rig.kill();
        Files.createDirectory(rig.partitionPath().resolve("segment-000007"));
        assertThat(rig.open(new Collected()).setAside()).isEmpty();
        assertThat(rig.segments()).hasSize(1);
        assertThat(rig.partitionPath().resolve("set-aside")).doesNotExist();
    }

    @Test
    void aHighestSegmentWithRecordsButWithoutItsFirstOneIsDamage() {
        ChronicleRig rig = rig();
        rig.open(new Collected()).log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
        rig.kill();
        rig.open(new Collected()).log().append(new Epoch(2), Samples.submissions(4, 3, 100, 1));
        rig.loseTrustInPageCache();
        long last = rig.segments().get(1);
        byte[] content = rig.segmentContent(last);
        int first = indexOfFrame(content);
        content[first + 60] ^= 1;
        rig.replaceSegment(last, content);
        assertThatThrownBy(() -> rig.open(new Collected()))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("offset=" + (first - 4));
    }

    @Test
    void aPartitionThatRefusesIsLeftAsItIs() throws IOException {
        ChronicleRig rig = rig();
        rig.open(new Collected()).log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
        rig.kill();
        RecoveredLog second = rig.open(new Collected());
        second.log().append(EPOCH, Samples.submissions(4, 3, 100, 1));
        second.log().acknowledge(second.log().end().lsn());
        rig.kill();
        long last = rig.segments().get(1);
        byte[] content = rig.segmentContent(last);
        Path unfinished = Files.createDirectory(rig.partitionPath().resolve("checkpoint-000007.tmp"));
        for (byte[] damaged : List.of(new byte[0], new byte[content.length], Samples.bytes(5_000, 1))) {
            rig.replaceSegment(last, damaged);
            assertThatThrownBy(() -> rig.open(new Collected())).isInstanceOf(LogDamagedException.class);
            assertThat(rig.segmentContent(last)).isEqualTo(damaged);
            assertThat(unfinished).isDirectory();
        }
        rig.replaceSegment(last, content);
        assertThat(rig.open(new Collected()).recordsReplayed()).isEqualTo(6);
    }

    @Test
    void aSegmentThatHasSomethingUnreadableIsNeverDeleted() throws IOException {
        ChronicleRig rig = rig();
        rig.open(new Collected()).log().append(EPOCH, Samples.submissions(1, 3, 100, 1));
        rig.kill();
        Path strange = Files.createDirectory(rig.partitionPath().resolve("segment-000009"));
        byte[] content = new byte[50_000];
        content[40_000] = 1;
        Files.write(strange.resolve(ChronicleSegment.FILE), content);
        assertThat(rig.open(new Collected()).setAside())
                .hasValueSatisfying(what -> assertThat(what).contains("segment-000009"));
        assertThat(rig.partitionPath()
                        .resolve("set-aside")
                        .resolve("segment-000009")
                        .resolve(ChronicleSegment.FILE))
                .hasBinaryContent(content);
    }

    @Test
    void aCheckpointWhoseFileIsGoneIsDamage() throws IOException {
        ChronicleRig rig = rig();
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        long number = rig.checkpoints().get(0);
        rig.kill();
        Files.delete(rig.partitionPath()
                .resolve(String.format(Locale.ROOT, "checkpoint-%06d", number))
                .resolve("items"));
        assertThatThrownBy(() -> rig.open(new Collected()))
                .isInstanceOf(LogDamagedException.class)
                .hasMessageContaining("items");
    }

    @Test
    void aFileThatTheDiskDoesNotGiveIsDamageOfItsPartition() {
        ChronicleRig rig = rig();
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        log.append(EPOCH, Samples.submissions(4, 3, 100, 1));
        rig.kill();
        for (String unreadable : List.of("segment-", "checkpoint-")) {
            device.failReadsOf(unreadable);
            assertThatThrownBy(() -> rig.open(new Collected()))
                    .isInstanceOf(LogDamagedException.class)
                    .hasMessageContainingAll("file=", unreadable, "bytes that can be read");
        }
        device.failNoReads();
        assertThat(rig.open(new Collected()).log().end().lsn().value()).isEqualTo(6);
    }

    @Test
    void filesThatAreNotOursAreLeftAloneAndNeverRead() throws IOException {
        ChronicleRig rig = rig();
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        rig.kill();
        Path segment = rig.segmentDirectory(rig.segments().get(0));
        Files.write(segment.resolve("19700103F.cq4"), new byte[100]);
        Files.write(segment.resolve("notes.txt"), new byte[10]);
        Files.delete(segment.resolve("metadata.cq4t"));
        Files.createDirectory(rig.partitionPath().resolve("segment-old"));
        Files.write(rig.partitionPath().resolve("segment-000077"), new byte[5]);
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.records()).hasSize(3);
        assertThat(rig.partitionPath().resolve("segment-000077")).exists();
    }

    private static int indexOfFrame(byte[] content) {
        for (int i = 0; ; i++) {
            if (content[i] == 'H' && content[i + 1] == 'F' && content[i + 2] == 'L' && content[i + 3] == 'R') {
                return i;
            }
        }
    }
}
