package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.Optional;

/**
 * What a replica finds when its process starts.
 *
 * @param row the table's row as this node has it <b>after</b> the table shows this process's session; without one the
 *     partition is not known yet. No epoch of this row is led: whoever did that is gone (R8)
 * @param terms of the same table
 * @param persistedEpoch the last {@link Output.PersistEpoch}
 * @param history of the log, see {@link EpochHistory}
 * @param end of the log, all of it forced by recovery
 * @param committed what is known to be committed: the last checkpoint's end, at least
 * @param pageCacheLost whether unforced, acknowledged records may be gone: another boot id, no clean close, and not forced
 *     before each acknowledgement; or the disk is not the one that the table knows (R11)
 * @param emptied whether the log that was here was set aside since, and this one has not made up for it: whatever the row says,
 *     it must not lead with what it has (R11)
 * @param learnsSince with {@code emptied}: what {@link PartitionReplica#learnsSince} said to an earlier life since then, if anything
 */
public record ReplicaStart(
        Optional<PartitionRow> row,
        TableTerms terms,
        Epoch persistedEpoch,
        EpochHistory history,
        LogEnd end,
        Lsn committed,
        boolean pageCacheLost,
        boolean emptied,
        Optional<RowVersion> learnsSince) {

    /** With the log that was always here. */
    public ReplicaStart(
            Optional<PartitionRow> row,
            TableTerms terms,
            Epoch persistedEpoch,
            EpochHistory history,
            LogEnd end,
            Lsn committed,
            boolean pageCacheLost) {
        this(row, terms, persistedEpoch, history, end, committed, pageCacheLost, false, Optional.empty());
    }

    /** A node that has nothing of the partition yet. */
    public static ReplicaStart blank(Optional<PartitionRow> row, TableTerms terms) {
        return new ReplicaStart(row, terms, Epoch.NONE, EpochHistory.EMPTY, LogEnd.EMPTY, Lsn.NONE, false);
    }
}
