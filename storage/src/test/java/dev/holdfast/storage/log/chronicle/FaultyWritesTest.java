package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes that take a part of what they are given, writes that are slow, and writes that fail. */
@Tag("suite-io")
class FaultyWritesTest {

    private static final Epoch EPOCH = new Epoch(1);
    private static final int PIECE = 1_000;
    private static final int SECONDS = 20;

    private final FaultyDevice device = new FaultyDevice();
    private final List<ChronicleRig> rigs = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeRigs() {
        device.failNoWrites();
        rigs.forEach(ChronicleRig::close);
    }

    private ChronicleRig rig() {
        ChronicleRig rig = new ChronicleRig(
                directory.resolve("rig-" + rigs.size()),
                new PartitionId(0),
                SyncPolicy.ALWAYS,
                256 * 1024,
                4096,
                device);
        rigs.add(rig);
        return rig;
    }

    @Test
    void aCheckpointThatIsWrittenInPiecesIsWhole() {
        device.writeAtMost(7);
        ChronicleRig rig = rig();
        ReplicatedLog log = rig.open(new Collected()).replicated();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        assertThat(device.shortWrites()).isPositive();
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.items()).hasSameSizeAs(Samples.everyItem());
    }

    @Test
    void aCheckpointFromElsewhereThatIsWrittenInPiecesIsWhole() {
        ReplicatedLog source = rig().open(new Collected()).replicated();
        source.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        source.checkpoint(source.end(), Samples.everyItem().stream());
        device.writeAtMost(PIECE);
        ReplicatedLog log = rig().open(new Collected()).replicated();
        log.storeCheckpoint(source.readCheckpoint(LogEnd.EMPTY, 0, 1 << 20));
        Collected installed = new Collected();
        log.installCheckpoint(source.end(), installed);
        assertThat(installed.items()).hasSameSizeAs(Samples.everyItem());
        assertThat(log.end()).isEqualTo(source.end());
    }

    @Test
    void aCheckpointWhoseWritesAreSlowHoldsUpNobodyAndIsWhole() throws Exception {
        ChronicleRig rig = rig();
        ReplicatedLog log = rig.open(new Collected()).replicated();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        LogEnd at = log.force();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        device.beforeWrites(file -> {
            if (file.toString().contains("checkpoint-")) {
                begun.countDown();
                await(enough);
            }
        });
        CompletableFuture<Void> checkpoint =
                CompletableFuture.runAsync(() -> log.checkpoint(at, Samples.everyItem().stream()));
        await(begun);
        log.append(EPOCH, Samples.submissions(4, 3, 100, 2));
        assertThat(log.force()).isEqualTo(log.end());
        log.acknowledge(log.end().lsn());
        assertThat(checkpoint).isNotDone();
        enough.countDown();
        checkpoint.get(SECONDS, TimeUnit.SECONDS);
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.items()).hasSameSizeAs(Samples.everyItem());
        assertThat(replayed.records()).hasSize(3);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCheckpointWhoseWriteFailsDeletesNothingAndEndsTheLog() {
        ChronicleRig rig = rig();
        ReplicatedLog log = rig.open(new Collected()).replicated();
        List<LogRecord.Replicated> kept = log.append(EPOCH, Samples.submissions(1, 40, 20_000, 1));
        LogEnd forced = log.force();
        int segments = rig.segments().size();
        device.failWritesOf("checkpoint-");
        assertThatThrownBy(() -> log.checkpoint(log.end(), Samples.everyItem().stream()))
                .isInstanceOf(LogFailedException.class);
        device.failNoWrites();
        assertThatThrownBy(() -> log.append(EPOCH, Samples.submissions(100, 1, 100, 1)))
                .as("what the disk takes is not known any more")
                .isInstanceOf(LogFailedException.class);
        assertThat(log.forcedEnd()).isEqualTo(forced);
        assertThat(rig.segments()).hasSize(segments);
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(Samples.describe(replayed.records())).isEqualTo(Samples.describe(kept));
    }
}
