package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log goes to the medium before anybody waits for it, so that who has to force it does not wait for all of it. */
@Timeout(60)
class WriteOutTest {

    private static final Epoch EPOCH = new Epoch(1);
    private static final int BODY = 60_000;
    private static final long SEGMENT = 16 << 20;
    private static final long MIB = 1 << 20;

    private final FaultyDevice device = new FaultyDevice();
    private long sequence = 1;

    @TempDir
    private Path directory;

    private ChronicleRig rig;

    @BeforeEach
    void makeRig() {
        rig = new ChronicleRig(directory, new PartitionId(0), SyncPolicy.OS, SEGMENT, BODY * 2, device);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private List<LogRecord.Replicated> append(PartitionLog log, long bytes) {
        List<LogRecord.Replicated> appended = new ArrayList<>();
        for (long done = 0; done < bytes; done += BODY) {
            appended.addAll(log.append(EPOCH, List.of(Samples.submitted(sequence++, BODY))));
        }
        return appended;
    }

    @Test
    void whatWasWrittenGoesToTheMediumSomeMebibytesAtATimeAndIsNotForcedForIt() {
        PartitionLog log = rig.open(new Collected()).log();
        append(log, 3 * MIB);
        int forces = device.forces();
        assertThat(device.writtenOut()).isZero();
        append(log, 8 * MIB);
        assertThat(device.writtenOut()).isBetween(7 * MIB, 11 * MIB);
        assertThat(device.forces()).isEqualTo(forces);
        assertThat(log.forcedEnd().lsn()).isLessThan(log.end().lsn());
    }

    @Test
    void whatWasForcedIsNotWrittenOutAgain() {
        PartitionLog log = rig.open(new Collected()).log();
        for (int i = 0; i < 5; i++) {
            append(log, 2 * MIB);
            LogEnd unused = log.force();
        }
        assertThat(device.writtenOut()).isZero();
    }

    @Test
    void aWriteOutThatNobodyHasTimeForIsMadeLater() {
        AtomicBoolean busy = new AtomicBoolean(true);
        rig.doAheadBy(work -> {
            if (busy.get()) {
                throw new RejectedExecutionException("busy");
            }
            work.run();
        });
        PartitionLog log = rig.open(new Collected()).log();
        append(log, 6 * MIB);
        assertThat(device.writtenOut()).isZero();
        busy.set(false);
        append(log, BODY);
        assertThat(device.writtenOut()).isGreaterThan(5 * MIB);
    }

    /** The kernel may say it once only, and not to the next force. */
    @Test
    void aWriteOutThatFailsEndsTheLog() {
        PartitionLog log = rig.open(new Collected()).log();
        device.failWriteOuts();
        assertThatThrownBy(() -> append(log, 8 * MIB)).isInstanceOf(LogFailedException.class);
        assertThatThrownBy(log::force).isInstanceOf(LogFailedException.class);
        assertThat(device.writtenOut()).isZero();
    }

    @Test
    void aSegmentThatIsWrittenOutStaysMappedUntilThatIsOver() throws Exception {
        ExecutorService background = Executors.newFixedThreadPool(3);
        Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        device.beforeWriteOuts(() -> {
            begun.countDown();
            waitFor(mayGoOn);
        });
        try {
            rig.doAheadBy(work -> background.execute(() -> run(work, problems)));
            PartitionLog log = rig.open(new Collected()).log();
            List<LogRecord.Replicated> kept = append(log, 5 * MIB);
            begun.await();
            Path first = rig.segmentDirectory(rig.segments().get(0)).resolve(ChronicleSegment.FILE);
            long mapped = Files.size(first);
            kept.addAll(append(log, 2 * SEGMENT));
            assertThat(rig.segments()).hasSizeGreaterThan(1);
            assertThat(Files.size(first)).isEqualTo(mapped);
            mayGoOn.countDown();
            await().untilAsserted(() -> assertThat(Files.size(first)).isLessThan(mapped)); // sealed
            kept.addAll(append(log, 2 * SEGMENT));
            rig.kill();
            Collected replayed = new Collected();
            rig.open(replayed);
            assertThat(replayed.records()).hasSameSizeAs(kept);
            assertThat(problems).isEmpty();
        } finally {
            mayGoOn.countDown();
            background.shutdown();
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts this thread", e);
        }
    }

    private static void run(Runnable work, Queue<Throwable> problems) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            problems.add(e);
        }
    }
}
