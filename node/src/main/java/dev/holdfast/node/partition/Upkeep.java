package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.TaskLedger;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionLog;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a partition needs beside its batches, done ahead of need by storage threads: sequences reserved, checkpoints
 * written. Methods without a note belong to the holder of the partition.
 */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    /** Half a step left: a reservation takes a forced write, and half a step takes a third of a second at full speed. */
    private static final long RESERVE_BELOW = SequenceLimits.STEP / 2L;

    /** Live bytes are summed over executors: not for every single command. A round adds some MiB at most. */
    private static final int ROUNDS_PER_CHECKPOINT_LOOK = 16;

    private static final long CHECKPOINT_RETRY_SECONDS = 60;

    /** Under a ceiling that has to be raised first: soon enough for the submits that wait for it. */
    private static final long CEILING_RETRY_MILLIS = 20;

    private final Partition partition;
    private final PartitionHost host;
    private final TaskLedger ledger;
    private final PartitionLog log;
    private final SequenceLimits sequences;

    private boolean reserving;
    private boolean checkpointing;
    private int rounds;

    Upkeep(Partition partition, PartitionHost host, TaskLedger ledger, PartitionLog log, SequenceLimits sequences) {
        this.partition = partition;
        this.host = host;
        this.ledger = ledger;
        this.log = log;
        this.sequences = sequences;
    }

    /** Reserves what the first submits need; by the thread that opens the partition. */
    void reserveForStart(long nextSequence) {
        if (sequences.reservedEndExclusive() - nextSequence < RESERVE_BELOW) {
            sequences.reserve(nextSequence + SequenceLimits.STEP);
        }
        ledger.allowSequencesUpTo(sequences.reservedEndExclusive());
    }

    /** After each round. */
    void look() {
        if (!reserving) {
            long reservedEnd = sequences.reservedEndExclusive();
            ledger.allowSequencesUpTo(reservedEnd); // another thread reserves too, ahead of the start
            if (reservedEnd - ledger.nextSequence() < RESERVE_BELOW) {
                reserving = true;
                host.storage().execute(this::reserve);
            }
        }
        if (rounds++ % ROUNDS_PER_CHECKPOINT_LOOK == 0 && !checkpointing && log.checkpointDue(ledger.liveBytes())) {
            checkpointing = true;
            host.storage().execute(() -> partition.act(this::takeSnapshot));
        }
    }

    /** On a storage thread. */
    private void reserve() {
        long before = sequences.reservedEndExclusive();
        try {
            sequences.reserve(before + SequenceLimits.STEP);
        } catch (RuntimeException | Error e) {
            partition.logFailed(e);
            return;
        }
        if (sequences.reservedEndExclusive() > before) {
            partition.act(this::reserved);
        } else {
            partition.later(CEILING_RETRY_MILLIS, TimeUnit.MILLISECONDS, this::reserved);
        }
    }

    private void reserved() {
        ledger.allowSequencesUpTo(sequences.reservedEndExclusive());
        reserving = false;
    }

    private void takeSnapshot() {
        LogEnd at = partition.applied();
        Stream<SnapshotItem> items = ledger.snapshot();
        host.checkpoints().execute(() -> checkpoint(at, items));
    }

    /** On the checkpoint thread. */
    private void checkpoint(LogEnd at, Stream<SnapshotItem> items) {
        try {
            log.checkpoint(at, items);
            partition.checkpointWritten();
            partition.act(() -> checkpointing = false);
        } catch (LogFailedException | InternalError e) {
            partition.logFailed(e);
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    ErrorCode.CHECKPOINT_FAILED.says(
                            "Could not write a checkpoint, the log keeps growing until one can be:"
                                    + " partition={}, nextTrySeconds={}"),
                    partition.id(),
                    CHECKPOINT_RETRY_SECONDS,
                    e);
            partition.later(CHECKPOINT_RETRY_SECONDS, TimeUnit.SECONDS, () -> checkpointing = false);
        }
    }
}
