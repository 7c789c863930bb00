package dev.holdfast.storage.log.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.Collected;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    /** The pages of a segment that has ended are mapped no more: to touch them would end the process. */
    @Test
    void segmentsEndWhileTheyAreWrittenOut() {
        ExecutorService background = Executors.newFixedThreadPool(3);
        try {
            rig.doAheadBy(background);
            PartitionLog log = rig.open(new Collected()).log();
            List<LogRecord.Replicated> kept = append(log, 6 * SEGMENT);
            await().until(() -> device.writtenOut() > 2 * SEGMENT);
            rig.kill();
            Collected replayed = new Collected();
            rig.open(replayed);
            assertThat(replayed.records()).hasSameSizeAs(kept);
        } finally {
            background.shutdown();
        }
    }
}
