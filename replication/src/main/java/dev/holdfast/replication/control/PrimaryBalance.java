package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Chooses a primary among the holders of each partition: the present one where that is even enough. */
final class PrimaryBalance {

    private final SortedMap<PartitionId, PartitionRow> rows;
    private final SortedMap<PartitionId, SortedSet<NodeId>> holders;
    private final SortedMap<PartitionId, NodeId> primaries = new TreeMap<>();
    private final SortedMap<NodeId, Integer> load = new TreeMap<>();

    PrimaryBalance(
            Set<NodeId> nodes,
            SortedMap<PartitionId, PartitionRow> rows,
            SortedMap<PartitionId, SortedSet<NodeId>> holders) {
        this.rows = rows;
        this.holders = holders;
        nodes.forEach(node -> load.put(node, 0));
    }

    SortedMap<PartitionId, NodeId> balanced() {
        holders.forEach((partition, nodes) -> {
            PartitionRow row = rows.get(partition);
            if (row != null && row.primary().map(nodes::contains).orElse(false)) {
                give(partition, row.primary().get());
            }
        });
        holders.forEach((partition, nodes) -> {
            if (!primaries.containsKey(partition)) {
                nodes.stream()
                        .min(Comparator.comparing((NodeId node) -> !isInSync(partition, node))
                                .thenComparing(this::loadOf))
                        .ifPresent(node -> give(partition, node));
            }
        });
        new Levelling(load, this::movable, (partition, from, to) -> {
                    load.merge(from, -1, Integer::sum);
                    give(partition, to);
                })
                .run();
        return primaries;
    }

    private void give(PartitionId partition, NodeId node) {
        primaries.put(partition, node);
        load.merge(node, 1, Integer::sum);
    }

    private int loadOf(NodeId node) {
        return load.getOrDefault(node, 0);
    }

    private boolean isInSync(PartitionId partition, NodeId node) {
        PartitionRow row = rows.get(partition);
        return row != null && row.inSync().contains(node);
    }

    /** One that the other holds too, if possible in sync; going back to the present primary is best. */
    private Levelling.@Nullable Edge movable(NodeId from, NodeId to) {
        PartitionId best = null;
        int bestCost = Integer.MAX_VALUE;
        for (Map.Entry<PartitionId, NodeId> entry : primaries.entrySet()) {
            PartitionId partition = entry.getKey();
            SortedSet<NodeId> nodes = holders.get(partition);
            if (!entry.getValue().equals(from) || nodes == null || !nodes.contains(to)) {
                continue;
            }
            int cost = cost(rows.get(partition), from, to);
            if (cost < bestCost) {
                best = partition;
                bestCost = cost;
            }
        }
        return best == null ? null : new Levelling.Edge(best, bestCost);
    }

    private static int cost(@Nullable PartitionRow row, NodeId from, NodeId to) {
        if (row == null || row.isPrimary(to)) {
            return 0;
        }
        int moves = row.isPrimary(from) ? 2 : 1;
        return row.inSync().contains(to) ? moves : moves + 2;
    }
}
