package dev.holdfast.storage.log.segment;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How fast a checkpoint is written: every few MiB are forced, and the disk is then left to others for as long. Written at once
 * and forced at its end, a checkpoint of 100 MB held up who appended meanwhile for tens of milliseconds. One thread.
 */
final class CheckpointPace {

    /** Forced at a time. */
    private static final long STRIDE = 4 * 1024 * 1024;

    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final PartitionStore.CheckpointFile file;
    private final BooleanSupplier isLate;
    private long forced;

    /** @param isLate whether the log grows so fast that the checkpoint has to be there soon: it is not waited then */
    CheckpointPace(PartitionStore.CheckpointFile file, BooleanSupplier isLate) {
        this.file = file;
        this.isLate = isLate;
    }

    /** Something more was written. */
    void written() throws IOException {
        long position = file.position();
        if (position - forced < STRIDE) {
            return;
        }
        long fromNanos = System.nanoTime();
        file.force();
        forced = position;
        if (!isLate.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(System.nanoTime() - fromNanos, LONGEST_PAUSE_NANOS));
        }
    }
}
