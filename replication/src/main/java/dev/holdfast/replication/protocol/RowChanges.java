package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The changes of a row that replicas propose, as functions. Who leaves in-sync is eligible only if that took it below {@code
 * min-in-sync}: then nothing can have been committed without it (R12). Who is known to have lost something never is.
 */
final class RowChanges {

    private RowChanges() {}

    /** R6: without {@code leaving}; {@code lossy} are those of them that may not be eligible. */
    static PartitionRow shrink(PartitionRow row, Set<NodeId> leaving, Set<NodeId> lossy, int minInSync) {
        SortedSet<NodeId> inSync = PartitionRow.without(row.inSync(), leaving);
        SortedSet<NodeId> eligible = PartitionRow.without(row.eligible(), lossy);
        eligible.addAll(PartitionRow.without(leaving, lossy));
        return changed(row, row.replicas(), inSync, eligible, minInSync);
    }

    /** Placement: as {@link #shrink}, and it loses its copy. */
    static PartitionRow drop(PartitionRow row, NodeId leaving, int minInSync) {
        List<NodeId> replicas = new ArrayList<>(row.replicas());
        replicas.remove(leaving);
        Set<NodeId> gone = Set.of(leaving);
        return changed(
                row,
                replicas,
                PartitionRow.without(row.inSync(), gone),
                PartitionRow.without(row.eligible(), gone),
                minInSync);
    }

    /** R7. */
    static PartitionRow expand(PartitionRow row, NodeId candidate, int minInSync) {
        SortedSet<NodeId> inSync = new TreeSet<>(row.inSync());
        inSync.add(candidate);
        return changed(row, row.replicas(), inSync, row.eligible(), minInSync);
    }

    /** R8, and R13 where {@code self} is only eligible: then those in sync are gone, and have as much as it has. */
    static PartitionRow failover(PartitionRow row, NodeId self, Epoch epoch, int minInSync) {
        SortedSet<NodeId> inSync = new TreeSet<>();
        inSync.add(self);
        SortedSet<NodeId> eligible = new TreeSet<>(row.eligible());
        if (row.inSync().contains(self)) {
            inSync.addAll(row.inSync());
            row.primary().filter(old -> !old.equals(self)).ifPresent(old -> {
                inSync.remove(old);
                eligible.add(old);
            });
        } else {
            eligible.addAll(row.inSync());
        }
        return changed(row, row.replicas(), inSync, eligible, minInSync).ledBy(Optional.of(self), epoch);
    }

    /** R13, all suspect: nobody else counts for anything. */
    static PartitionRow lead(PartitionRow row, NodeId self, Epoch epoch) {
        SortedSet<NodeId> alone = new TreeSet<>(Set.of(self));
        return changed(row, row.replicas(), alone, new TreeSet<>(), 1).ledBy(Optional.of(self), epoch);
    }

    /** DESIGN 4.8: the old primary proposes, so that it stays in sync. */
    static PartitionRow handOver(PartitionRow row, NodeId target, Epoch epoch) {
        return fence(row).ledBy(Optional.of(target), epoch);
    }

    /** Nothing but the version: whatever was proposed for this version can not be applied afterwards. */
    static PartitionRow fence(PartitionRow row) {
        return row.next();
    }

    private static PartitionRow changed(
            PartitionRow row,
            List<NodeId> replicas,
            SortedSet<NodeId> inSync,
            SortedSet<NodeId> eligible,
            int minInSync) {
        SortedSet<NodeId> stillEligible =
                inSync.size() >= minInSync ? new TreeSet<>() : PartitionRow.without(eligible, inSync);
        return row.withMembers(replicas, inSync, stillEligible).next();
    }
}
