package dev.holdfast.storage.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever holds a partition may be a task's thread, and somebody may cancel that task. */
@Timeout(60)
class InterruptedWriterTest {

    private static final PartitionId PARTITION = new PartitionId(0);
    private static final int WRITES = 200;

    @TempDir
    Path directory;

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void anInterruptNeitherFailsAWriteNorIsLost() throws IOException {
        DataDirectory.Options options = new DataDirectory.Options("a", 1, false, path -> "boot");
        DataDirectory opened = DataDirectory.open(directory, options);
        PartitionLimits limits = opened.openLimits(PARTITION);
        HighWaterMark mark = opened.openHighWaterMark(PARTITION);
        Thread.currentThread().interrupt();
        limits.begin();
        limits.reserve(65_537);
        mark.raise(new Lsn(7));
        mark.lowerAndForce(new Lsn(3));
        mark.close();
        limits.closeClean();
        opened.markClean();
        opened.close();
        assertThat(Thread.interrupted()).isTrue();
        try (DataDirectory next = DataDirectory.open(directory, options);
                PartitionLimits found = next.openLimits(PARTITION)) {
            assertThat(next.crashed()).isFalse();
            assertThat(found.crashed()).isFalse();
            assertThat(found.reservedEndExclusive()).isEqualTo(65_537);
        }
    }

    @Test
    void interruptsThatArriveDuringAForceChangeNothing() throws Exception {
        Path file = directory.resolve("limits");
        LimitsFile.create(file, 0, new Limits(0, true, "boot", 1));
        HighWaterMark.create(directory.resolve("mark"), PARTITION);
        LimitsFile limits = LimitsFile.open(file, 0); // by the thread that starts the node: nobody cancels that
        HighWaterMark mark = HighWaterMark.open(directory.resolve("mark"), PARTITION);
        FutureTask<@Nullable Void> work = new FutureTask<>(() -> write(limits, mark));
        Thread writer = new Thread(work);
        writer.start();
        while (!work.isDone()) {
            writer.interrupt();
            LockSupport.parkNanos(20_000); // paces the interrupts, waits for nothing
        }
        work.get();
        assertThat(LimitsFile.read(file, 0).limits().reservedEndExclusive()).isEqualTo(WRITES);
        assertThat(Files.size(directory.resolve("whole"))).isEqualTo(99_999);
    }

    private @Nullable Void write(LimitsFile limits, HighWaterMark mark) throws IOException {
        for (int i = 1; i <= WRITES; i++) {
            limits.write(new Limits(1, false, "boot", i));
            mark.lowerAndForce(Lsn.NONE);
            DurableFiles.forceDirectory(directory);
        }
        DurableFiles.replace(directory.resolve("whole"), ByteBuffer.wrap(new byte[99_999]));
        mark.close();
        limits.close();
        return null;
    }
}
