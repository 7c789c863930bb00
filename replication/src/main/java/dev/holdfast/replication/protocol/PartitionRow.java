package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the control plane says of one partition. A change is a compare-and-set on {@code version}; nothing is decided on a
 * row that was only read.
 *
 * @param replicas who holds a copy, or is to get one, in the order of preference; those that are not in sync learn
 * @param inSync who has everything that is committed, and must acknowledge what is to be; all of them replicas
 * @param eligible who left in-sync when that took it below {@code min-in-sync}: nothing can have been committed since
 * @param primary who may append; one of {@code inSync}, or nobody before the first
 * @param epoch rises with every change of primary, and never falls
 * @param version rises with every change of the row
 * @param idCeiling no task sequence at or above it is issued
 */
public record PartitionRow(
        PartitionId partition,
        List<NodeId> replicas,
        SortedSet<NodeId> inSync,
        SortedSet<NodeId> eligible,
        Optional<NodeId> primary,
        Epoch epoch,
        RowVersion version,
        long idCeiling) {

    public PartitionRow {
        replicas = List.copyOf(replicas);
        inSync = sorted(inSync);
        eligible = sorted(eligible);
        check(Set.copyOf(replicas).size() == replicas.size(), "a replica is named twice", replicas);
        check(replicas.containsAll(inSync), "in-sync without being a replica", inSync);
        check(Collections.disjoint(inSync, eligible), "in-sync and eligible", eligible);
        check(primary.isEmpty() || inSync.contains(primary.get()), "the primary is not in sync", primary);
        check(idCeiling >= 0, "the ceiling is negative", idCeiling);
    }

    public boolean isPrimary(NodeId node) {
        return primary.isPresent() && primary.get().equals(node);
    }

    /** Whether it is as the founding of the cluster made it, or nobody has anything yet: no primary ever had a lease on it. */
    boolean wasNeverLed() {
        return primary.isEmpty() && (epoch.equals(Epoch.NONE) || version.value() == 0);
    }

    /** Whether the partition is led, or may have to be led, from what {@code node} holds. */
    public boolean needs(NodeId node) {
        return inSync.contains(node) || eligible.contains(node);
    }

    /** Whether {@code node} is to catch up, and counts for nothing until it has. */
    public boolean isLearner(NodeId node) {
        return replicas.contains(node) && !inSync.contains(node);
    }

    /** The version after this one, and nothing else. */
    public PartitionRow next() {
        return new PartitionRow(partition, replicas, inSync, eligible, primary, epoch, version.next(), idCeiling);
    }

    /** With these copies; the primary stays if it is in sync. */
    public PartitionRow withMembers(List<NodeId> holders, Set<NodeId> members, Set<NodeId> mayLead) {
        return new PartitionRow(
                partition,
                holders,
                sorted(members),
                sorted(mayLead),
                primary.filter(members::contains),
                epoch,
                version,
                idCeiling);
    }

    /** With a primary, one of those in sync, or none, under {@code next}. */
    public PartitionRow ledBy(Optional<NodeId> leader, Epoch next) {
        return new PartitionRow(partition, replicas, inSync, eligible, leader, next, version, idCeiling);
    }

    /** {@code nodes} but for those of {@code leaving}. */
    public static SortedSet<NodeId> without(Collection<NodeId> nodes, Collection<NodeId> leaving) {
        SortedSet<NodeId> rest = new TreeSet<>(nodes);
        rest.removeAll(leaving);
        return rest;
    }

    private static SortedSet<NodeId> sorted(Collection<NodeId> nodes) {
        return Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
    }

    private static void check(boolean holds, String what, Object found) {
        if (!holds) {
            throw new IllegalArgumentException("Not a row of the partition table: " + what + ": " + found);
        }
    }
}
