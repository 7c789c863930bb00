package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.Epoch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of replicas placement may make. A partition that never had a primary has no data: all of its replicas are
 * in sync from the start. Otherwise a new replica learns, and only copies that are not needed go.
 */
final class PlacementRules {

    private PlacementRules() {}

    static Outcome place(ClusterDraft draft, ClusterCommand.PlaceReplicas command) {
        for (ReplicaPlacement placement : command.placements()) {
            PartitionRow row = draft.rows().get(placement.partition());
            if (row == null) {
                return draft.refused("No such partition: partition=" + placement.partition());
            }
            if (!row.version().equals(placement.expected())) {
                return draft.conflict(RowRules.moved(row, placement.expected()));
            }
            String problem = problem(draft.before(), row, placement.replicas());
            if (problem != null) {
                return draft.refused("Not a placement that a row may get: partition=" + row.partition() + ", " + problem
                        + "; row=" + row + ", wanted=" + placement.replicas());
            }
            draft.put(isBlank(row) ? first(row, placement.replicas()) : moved(row, placement.replicas()));
        }
        return draft.applied();
    }

    /** Whether nothing can have been committed in it ever. */
    static boolean isBlank(PartitionRow row) {
        return row.epoch().equals(Epoch.NONE);
    }

    private static @Nullable String problem(ClusterState state, PartitionRow row, List<NodeId> wanted) {
        for (NodeId node : wanted) {
            Member member = state.member(node);
            if (!row.replicas().contains(node) && (member == null || !member.takesReplicas())) {
                return "no member that takes replicas; node=" + node;
            }
        }
        if (isBlank(row)) {
            return null;
        }
        if (row.primary().isPresent() && !wanted.contains(row.primary().get())) {
            return "the primary hands over before it goes";
        }
        if (!wanted.containsAll(row.eligible())) {
            return "an eligible member may be the next primary";
        }
        SortedSet<NodeId> staying = staying(row, wanted);
        boolean inSyncShrinks = staying.size() < row.inSync().size();
        int needed = Math.max(state.minInSync(), Math.min(2, wanted.size()));
        // Below two of several the primary has to force its log first (R12), so that only it may shrink that far.
        return inSyncShrinks && staying.size() < needed ? "too few would be in sync; needed=" + needed : null;
    }

    private static SortedSet<NodeId> staying(PartitionRow row, Collection<NodeId> wanted) {
        SortedSet<NodeId> staying = new TreeSet<>(row.inSync());
        staying.retainAll(wanted);
        return staying;
    }

    private static PartitionRow first(PartitionRow row, List<NodeId> replicas) {
        return row.withMembers(replicas, new TreeSet<>(replicas), row.eligible())
                .next();
    }

    private static PartitionRow moved(PartitionRow row, List<NodeId> replicas) {
        return row.withMembers(replicas, staying(row, replicas), row.eligible()).next();
    }

    /** Without a replica that is neither in-sync nor eligible. */
    static PartitionRow without(PartitionRow row, NodeId node) {
        List<NodeId> rest = new ArrayList<>(row.replicas());
        rest.remove(node);
        return moved(row, rest);
    }

    static List<NodeId> append(List<NodeId> nodes, NodeId node) {
        List<NodeId> more = new ArrayList<>(nodes);
        more.add(node);
        return more;
    }
}
