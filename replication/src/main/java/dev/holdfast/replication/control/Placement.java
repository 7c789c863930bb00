package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who should hold which partition: a function of members, rows and wanted copies, the same wherever it is computed. In
 * this order it wants
 *
 * <ol>
 *   <li>as many copies as are wanted, on members that are candidates;
 *   <li>a partition's copies in as many zones as there are, evenly;
 *   <li>replicas, then primaries, evenly over the candidates: they differ by one at most wherever the zones allow it;
 *   <li>as little movement as that needs.
 * </ol>
 *
 * <p>The first replica of each is the one that should be primary.
 */
public final class Placement {

    private Placement() {}

    /**
     * The members that may hold replicas: those that take them, and have been seen, or were lost a short time ago only and are
     * not {@linkplain Replaced replaced}.
     *
     * @param lostBeforeMillis who was lost at or before that is replaced; milliseconds since 1970 UTC
     * @return their zones; a member without one is a zone of its own
     */
    public static SortedMap<NodeId, String> candidates(ClusterState state, long lostBeforeMillis) {
        SortedSet<NodeId> replaced = Replaced.of(state);
        SortedMap<NodeId, String> zones = new TreeMap<>();
        for (Member member : state.members().values()) {
            boolean lost = !member.presence().present() && member.presence().sinceMillis() <= lostBeforeMillis;
            if (member.takesReplicas() && !lost && !replaced.contains(member.id())) {
                // A disk id is no zone's name: the mark keeps the two apart.
                String zone = member.details().zone();
                zones.put(member.id(), zone.isEmpty() ? "\0" + member.id().diskId() : zone);
            }
        }
        return zones;
    }

    /**
     * The replicas that each partition should have.
     *
     * @param candidates with their zones; empty: everything stays as it is
     * @param wantedCopies of each partition; as many as there are candidates at most
     */
    public static SortedMap<PartitionId, List<NodeId>> target(
            SortedMap<NodeId, String> candidates, SortedMap<PartitionId, PartitionRow> rows, int wantedCopies) {
        SortedMap<PartitionId, List<NodeId>> target = new TreeMap<>();
        if (candidates.isEmpty()) {
            rows.forEach((partition, row) -> target.put(partition, row.replicas()));
            return target;
        }
        ReplicaBalance replicas = new ReplicaBalance(candidates, rows, Math.min(wantedCopies, candidates.size()));
        SortedMap<PartitionId, SortedSet<NodeId>> holders = replicas.balanced();
        SortedMap<PartitionId, NodeId> primaries = new PrimaryBalance(candidates.keySet(), rows, holders).balanced();
        for (PartitionRow row : rows.values()) {
            target.put(row.partition(), ordered(row, primaries, holders));
        }
        return target;
    }

    /** The primary first, then as they stand in the row, then the new ones. */
    private static List<NodeId> ordered(
            PartitionRow row,
            SortedMap<PartitionId, NodeId> primaries,
            SortedMap<PartitionId, SortedSet<NodeId>> holders) {
        SortedSet<NodeId> nodes = holders.getOrDefault(row.partition(), new TreeSet<>());
        Set<NodeId> ordered = new LinkedHashSet<>();
        NodeId primary = primaries.get(row.partition());
        if (primary != null) {
            ordered.add(primary);
        }
        row.replicas().stream().filter(nodes::contains).forEach(ordered::add);
        ordered.addAll(nodes);
        return List.copyOf(ordered);
    }

    /**
     * What may be done of the way to the target now. New replicas come first, as learners; a copy that is not wanted any
     * more goes when all that are wanted are in sync; a primary hands over when it sees that another one stands first in its
     * row and is in sync.
     *
     * @param target as {@link #target} said
     * @param maxConcurrent partitions that may be copied at the same time, and as many that may be handed over, those that are under
     *     way included: a hand-over that waits for tasks keeps no lost copy from being made again
     * @return to be proposed; partitions without data are not counted, but there are not more than one command takes
     */
    public static List<ReplicaPlacement> steps(
            SortedMap<PartitionId, List<NodeId>> target,
            SortedMap<PartitionId, PartitionRow> rows,
            int minInSync,
            int maxConcurrent) {
        long copying = rows.values().stream()
                .filter(row -> isCopied(row, target.getOrDefault(row.partition(), List.of())))
                .count();
        long moving = rows.values().stream().filter(Placement::isMoved).count();
        List<ReplicaPlacement> steps = new ArrayList<>();
        for (Map.Entry<PartitionId, List<NodeId>> wanted : target.entrySet()) {
            PartitionRow row = rows.get(wanted.getKey());
            if (row == null || steps.size() == ClusterCommand.PlaceReplicas.MAX_PLACEMENTS) {
                continue;
            }
            List<NodeId> next = new PlacementStep(row, wanted.getValue(), minInSync).next();
            boolean copies = PlacementStep.copies(row, next) && !isCopied(row, wanted.getValue());
            boolean moves = PlacementStep.moves(row, next) && !isMoved(row);
            if (next.equals(row.replicas())
                    || (copies && copying >= maxConcurrent)
                    || (moves && moving >= maxConcurrent)) {
                continue;
            }
            copying += copies ? 1 : 0;
            moving += moves ? 1 : 0;
            steps.add(new ReplicaPlacement(row.partition(), row.version(), next));
        }
        return steps;
    }

    /** Whether a copy that is wanted is being made. What a lost node had is not being made. */
    static boolean isCopied(PartitionRow row, List<NodeId> wanted) {
        return !PlacementRules.isBlank(row) && wanted.stream().anyMatch(row::isLearner);
    }

    /** Whether a primary is to hand over, which may take as long as its tasks run. */
    static boolean isMoved(PartitionRow row) {
        if (PlacementRules.isBlank(row) || row.replicas().isEmpty()) {
            return false;
        }
        NodeId first = row.replicas().get(0);
        return row.inSync().contains(first) && !row.isPrimary(first);
    }
}
