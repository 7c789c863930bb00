package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;

/**
 * What one partition of a stopped node holds.
 *
 * @param records whole replicated records in its segments
 * @param bytes of its segments and checkpoints, up to the last whole record of each
 * @param segments how many files of records
 * @param checkpoint end of the log that the newest whole checkpoint describes; {@link Lsn#NONE} where there is none
 * @param checkpointItems how many items that checkpoint has
 * @param end where the log ends; of a damaged log, the last whole record of the highest segment that could be read
 * @param highWaterMark acknowledged end, {@link Lsn#NONE} where it cannot be read
 * @param reservedEndExclusive no task sequence at or above it was ever issued; 0 where it cannot be read
 * @param session of the process that wrote last, 0 where none did or it cannot be read
 * @param clean whether that process closed the partition in order
 */
public record PartitionTotals(
        PartitionId partition,
        long records,
        long bytes,
        int segments,
        Lsn checkpoint,
        long checkpointItems,
        LogEnd end,
        Lsn highWaterMark,
        long reservedEndExclusive,
        long session,
        boolean clean) {}
