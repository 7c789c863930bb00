package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.ReplicatedLog;
import dev.holdfast.storage.log.Samples;
import dev.holdfast.storage.log.SnapshotItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What disks, deaths and interrupts do to a log in files. */
class ChronicleLogFaultsTest {

    private static final Epoch EPOCH = new Epoch(1);

    /** As large as Chronicle makes its table: it takes another lock where it has to make one larger. */
    private static final int TABLE_BYTES = 128 * 1024;

    private final FaultyDevice device = new FaultyDevice();
    private final List<ChronicleRig> rigs = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void closeRigs() {
        device.failForces(false);
        device.fill(false);
        device.failNoReads();
        rigs.forEach(ChronicleRig::close);
    }

    private ChronicleRig rig(SyncPolicy sync) {
        ChronicleRig rig = new ChronicleRig(
                directory.resolve("rig-" + rigs.size()), new PartitionId(0), sync, 256 * 1024, 4096, device);
        rigs.add(rig);
        return rig;
    }

    @Test
    void theFirstForceThatFailsEndsTheLogForEver() {
        PartitionLog log = rig(SyncPolicy.ALWAYS).open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        LogEnd forced = log.force();
        log.append(EPOCH, Samples.submissions(4, 3, 100, 1));
        device.failForces(true);
        assertThatThrownBy(log::force).isInstanceOf(LogFailedException.class).hasMessageContaining("partition=0");
        device.failForces(false);
        int forces = device.forces();
        assertThatThrownBy(log::force).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.append(EPOCH, Samples.submissions(7, 1, 100, 1)))
                .isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 9))))
                .isInstanceOf(LogFailedException.class);
        assertThat(log.forcedEnd()).isEqualTo(forced);
        assertThat(log.hasRoomFor(1)).isFalse();
        assertThat(device.forces())
                .as("a retried force would succeed with the data gone")
                .isEqualTo(forces);
    }

    @Test
    void aForceThatFailsAtARollEndsTheLog() {
        PartitionLog log = rig(SyncPolicy.OS).open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        device.failForces(true);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        log.append(EPOCH, List.of(Samples.submitted(10 + i, 30_000)));
                    }
                })
                .isInstanceOf(LogFailedException.class);
    }

    /** It says for ever where the older segment ends: nothing may count on it before it is on the medium. */
    @Test
    void aSegmentWhoseFirstRecordCannotBeForcedTakesNoOther() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        device.failForces(true);
        assertThatThrownBy(() -> log.append(EPOCH, Samples.submissions(1, 3, 100, 1)))
                .isInstanceOf(LogFailedException.class);
        assertThat(log.end()).isEqualTo(LogEnd.EMPTY);
        device.failForces(false);
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.records()).isEmpty();
    }

    /** Chronicle looks at the clock before it tries its lock: a machine that stands still for a moment was a log that failed. */
    @Test
    void aSegmentIsMadeThoughItsLockCanNotBeHadForAWhile() throws Exception {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        CompletableFuture<Void> released = new CompletableFuture<>();
        device.whenAllocated(file -> {
            if (file.equals(rig.segmentDirectory(0).resolve("metadata.cq4t"))) {
                holdForAWhile(file, released);
            }
        });
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        assertThat(released).isDone();
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.records()).hasSize(3);
    }

    private static void holdForAWhile(Path table, CompletableFuture<Void> released) {
        try {
            FileChannel held = FileChannel.open(table, StandardOpenOption.WRITE);
            held.write(ByteBuffer.allocate(1), TABLE_BYTES - 1);
            assertThat(held.lock()).isNotNull();
            CompletableFuture.delayedExecutor(1_200, TimeUnit.MILLISECONDS).execute(() -> {
                released.complete(null);
                close(held);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void workAheadThatComesWhenItsSegmentIsDeletedFailsNothing() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        Queue<Runnable> late = new ArrayDeque<>();
        rig.doAheadBy(late::add);
        PartitionLog log = rig.open(new Collected()).log();
        long sequence = 1;
        while (rig.segments().size() < 4) {
            log.append(EPOCH, List.of(Samples.submitted(sequence++, 20_000)));
        }
        log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, sequence)));
        assertThat(rig.segments()).doesNotContain(0L);
        assertThat(late).isNotEmpty();
        while (!late.isEmpty()) {
            late.remove().run();
        }
        log.append(EPOCH, List.of(Samples.submitted(sequence, 20_000)));
        assertThat(log.force()).isEqualTo(log.end());
    }

    @Test
    void aFullDiskRefusesTheBatchAndTheLogGoesOnWhenThereIsRoomAgain() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        List<LogRecord.Replicated> kept = new ArrayList<>(log.append(EPOCH, Samples.submissions(1, 3, 100, 1)));
        device.fill(true);
        long sequence = 10;
        LogEnd end = log.end();
        while (true) {
            try {
                kept.addAll(log.append(
                        EPOCH, List.of(Samples.submitted(sequence, 20_000), Samples.submitted(sequence + 1, 9))));
                end = log.end();
                sequence += 2;
            } catch (LogFullException e) {
                assertThat(e).hasMessageContaining("free space");
                break;
            }
        }
        assertThat(log.end()).as("nothing of the refused batch").isEqualTo(end);
        assertThat(log.hasRoomFor(1)).isFalse();
        device.fill(false);
        kept.addAll(log.append(EPOCH, List.of(Samples.submitted(sequence, 20_000))));
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(Samples.describe(replayed.records())).isEqualTo(Samples.describe(kept));
    }

    /** Else the ends of tasks that were accepted could be refused: another segment takes room that is asked for beforehand. */
    @Test
    void tasksAreRefusedWhileThereIsRoomForAnotherSegmentStill() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        device.leave(FileStore.ROOM_TO_MAKE_ONE - 1);
        PartitionLog log = rig.open(new Collected()).log();
        assertThat(log.hasRoomFor(1)).isFalse();
        rig.kill();
        device.leave(FileStore.ROOM_TO_MAKE_ONE + 1);
        assertThat(rig.open(new Collected()).log().hasRoomFor(1)).isTrue();
    }

    @Test
    void aTruncationOnAFullDiskChangesNothingAndIsDoneWhenThereIsRoomAgain() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        ReplicatedLog log = rig.open(new Collected()).replicated();
        List<LogRecord.Replicated> kept = log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        LogEnd reached = log.end();
        log.append(EPOCH, Samples.submissions(4, 3, 100, 1));
        LogEnd end = log.end();
        log.acknowledge(end.lsn());
        device.fill(true);
        assertThatThrownBy(() -> log.truncate(reached.lsn())).isInstanceOf(LogFullException.class);
        assertThat(log.end()).isEqualTo(end);
        device.fill(false);
        assertThat(log.truncate(reached.lsn())).isEqualTo(reached);
        rig.kill();
        Collected replayed = new Collected();
        assertThat(rig.open(replayed).log().end()).isEqualTo(reached);
        assertThat(Samples.describe(replayed.records())).isEqualTo(Samples.describe(kept));
    }

    @Test
    void aCheckpointThatCanNotBeReadIsDamageAndTheLogGoesOn() {
        ReplicatedLog log = rig(SyncPolicy.OS).open(new Collected()).replicated();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        device.failReadsOf("checkpoint-");
        assertThatThrownBy(() -> log.readCheckpoint(LogEnd.EMPTY, 0, 100)).isInstanceOf(LogDamagedException.class);
        device.failNoReads();
        log.append(EPOCH, Samples.submissions(4, 3, 100, 1));
        assertThat(log.force()).isEqualTo(log.end());
        assertThat(log.readCheckpoint(LogEnd.EMPTY, 0, 100).bytes()).hasSize(100);
    }

    @Test
    void aCheckpointThatCanNotBeReadOnceItTookTheLogsPlaceEndsTheLog() {
        ReplicatedLog source = rig(SyncPolicy.OS).open(new Collected()).replicated();
        source.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        source.checkpoint(source.end(), Samples.everyItem().stream());
        ReplicatedLog log = rig(SyncPolicy.OS).open(new Collected()).replicated();
        log.storeCheckpoint(source.readCheckpoint(LogEnd.EMPTY, 0, 1 << 20));
        device.failReadsOf("checkpoint-[0-9]+.items");
        assertThatThrownBy(() -> log.installCheckpoint(source.end(), new Collected()))
                .isInstanceOf(LogFailedException.class);
        assertThatThrownBy(() -> log.append(EPOCH, Samples.submissions(4, 3, 100, 1)))
                .isInstanceOf(LogFailedException.class);
    }

    @Test
    void aCheckpointOnAFullDiskLeavesNothingAndTheLogGoesOn() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        device.fill(true);
        assertThatThrownBy(() -> log.checkpoint(log.end(), Samples.everyItem().stream()))
                .isInstanceOf(LogFullException.class);
        assertThat(rig.checkpoints()).isEmpty();
        assertThat(rig.partitionPath()).isDirectoryNotContaining("glob:**checkpoint*");
        device.fill(false);
        log.append(EPOCH, Samples.submissions(4, 3, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        assertThat(rig.checkpoints()).hasSize(1);
    }

    @Test
    void aCheckpointThatIsNotReadBackAsItWasWrittenLeavesNothing() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        device.whenForced(file -> {
            if (file.endsWith("items")) {
                flipABit(file);
            }
        });
        assertThatThrownBy(() -> log.checkpoint(log.end(), Samples.everyItem().stream()))
                .isInstanceOf(LogDamagedException.class);
        assertThat(rig.partitionPath()).isDirectoryNotContaining("glob:**checkpoint*");
        device.whenForced(file -> {});
        log.checkpoint(log.end(), Samples.everyItem().stream());
        assertThat(rig.checkpoints()).hasSize(1);
    }

    private static void flipABit(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            content[content.length / 2] ^= 1;
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aCheckpointThatCannotBeForcedDeletesNothing() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        List<LogRecord.Replicated> kept = log.append(EPOCH, Samples.submissions(1, 40, 20_000, 1));
        log.force();
        int segments = rig.segments().size();
        device.failForces(true);
        assertThatThrownBy(() -> log.checkpoint(log.end(), Samples.everyItem().stream()))
                .isInstanceOf(LogFailedException.class);
        assertThat(rig.segments()).hasSize(segments);
        device.failForces(false);
        rig.kill();
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.items()).isEmpty();
        assertThat(Samples.describe(replayed.records())).isEqualTo(Samples.describe(kept));
    }

    @Test
    void interruptsHurtNeitherAppendsNorForcesNorReads() throws Exception {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        Thread worker = Thread.currentThread();
        AtomicBoolean stop = new AtomicBoolean();
        Thread pest = new Thread(() -> {
            while (!stop.get()) {
                worker.interrupt();
                Thread.onSpinWait();
            }
        });
        pest.start();
        List<LogRecord.Replicated> kept = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                kept.addAll(log.append(EPOCH, List.of(Samples.submitted(1 + i, 9000))));
                if (i % 20 == 0) {
                    log.force();
                }
                Body.Stored body = (Body.Stored) ((LogRecord.Submitted) kept.get(i / 2)).payload();
                assertThat(log.read(body)).hasSize(9000);
            }
            log.checkpoint(log.end(), Stream.of(new SnapshotItem.OfPartition(EPOCH, 1, 300)));
            assertThat(log.force()).isEqualTo(log.end());
        } finally {
            stop.set(true);
            while (pest.isAlive()) {
                Thread.interrupted();
                Thread.yield();
            }
            Thread.interrupted();
        }
        rig.kill();
        assertThat(rig.open(new Collected()).log().end().lsn().value()).isEqualTo(200);
    }

    @Test
    void everythingIsForTheUserOnly() throws IOException {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 3, 100, 1));
        log.checkpoint(log.end(), Samples.everyItem().stream());
        try (Stream<Path> all = Files.walk(rig.partitionPath())) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    /** The scan walks Chronicle's files by their published layout; this is where a change of it would show. */
    @Test
    void chronicleReadsTheSameDocumentsThatTheScanReads() {
        ChronicleRig rig = rig(SyncPolicy.OS);
        PartitionLog log = rig.open(new Collected()).log();
        log.append(EPOCH, Samples.submissions(1, 300, 300, 5));
        rig.kill();
        Path segment = rig.segmentDirectory(rig.segments().get(0));
        int documents = 0;
        try (SingleChronicleQueue queue = SingleChronicleQueueBuilder.binary(segment)
                        .rollCycle(RollCycles.FAST_DAILY)
                        .readOnly(true)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            Bytes<?> bytes = Bytes.elasticHeapByteBuffer(1024);
            while (tailer.readBytes(bytes.clear())) {
                assertThat(bytes.readInt()).isEqualTo(0x524C4648);
                documents++;
            }
        }
        assertThat(documents).as("SegmentOpened and the records").isEqualTo(301);
        Collected replayed = new Collected();
        rig.open(replayed);
        assertThat(replayed.records()).hasSize(300);
    }
}
