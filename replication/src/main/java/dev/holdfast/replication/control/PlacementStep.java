package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The next step of one partition towards its target, such that {@link PlacementRules} take it. */
final class PlacementStep {

    private final PartitionRow row;
    private final List<NodeId> wanted;
    private final int minInSync;

    PlacementStep(PartitionRow row, List<NodeId> wanted, int minInSync) {
        this.row = row;
        this.wanted = wanted;
        this.minInSync = minInSync;
    }

    /** The replicas that it may have next; those that it has if there is nothing to do, or nothing yet. */
    List<NodeId> next() {
        if (PlacementRules.isBlank(row)) {
            return wanted;
        }
        if (row.inSync().containsAll(wanted) && mayDropTheRest()) {
            return wanted;
        }
        return withNewOnes();
    }

    /**
     * Everything wanted, and of the rest whoever is still needed. The order of preference is the wanted one once its first
     * can take over; before, the primary stays in front.
     */
    private List<NodeId> withNewOnes() {
        Set<NodeId> next = new LinkedHashSet<>();
        if (!row.inSync().contains(wanted.get(0))) {
            row.primary().ifPresent(next::add);
        }
        next.addAll(wanted);
        for (NodeId node : row.replicas()) {
            if (row.inSync().contains(node) || row.eligible().contains(node)) {
                next.add(node);
            }
        }
        return new ArrayList<>(next);
    }

    private boolean mayDropTheRest() {
        boolean primaryStays = row.primary().map(wanted::contains).orElse(true);
        int needed = Math.max(minInSync, Math.min(2, wanted.size()));
        return primaryStays && wanted.containsAll(row.eligible()) && wanted.size() >= needed;
    }

    /** Whether that step makes a copy: what has to be throttled. */
    static boolean copies(PartitionRow row, List<NodeId> next) {
        return !PlacementRules.isBlank(row) && !row.replicas().containsAll(next);
    }

    /** Whether that step has a primary hand over: what has to be throttled too. */
    static boolean moves(PartitionRow row, List<NodeId> next) {
        if (PlacementRules.isBlank(row)) {
            return false;
        }
        NodeId first = next.get(0);
        return !first.equals(row.replicas().get(0)) && !row.isPrimary(first);
    }
}
