package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Spreads replicas over nodes, starting from where they are: what may stay stays, what is missing goes to the least loaded,
 * then single copies move along the shortest way from a fuller node to an emptier one until none differ by more than one.
 * Each such move makes the sum of squares smaller, so it ends.
 */
final class ReplicaBalance {

    private static final int ONE_COPY = 1_000;

    private final SortedMap<NodeId, String> zones;
    private final SortedMap<PartitionId, PartitionRow> rows;
    private final int copies;
    /** A zone holds at most so many copies of a partition, unless the other zones have no members left for it. */
    private final int perZone;

    private final SortedMap<PartitionId, SortedSet<NodeId>> holders = new TreeMap<>();
    /** The same by node, so that what a node may give away is found without looking at everything. */
    private final SortedMap<NodeId, SortedSet<PartitionId>> held = new TreeMap<>();

    private final SortedMap<NodeId, Integer> load = new TreeMap<>();
    private final Neighbours neighbours = new Neighbours();

    ReplicaBalance(SortedMap<NodeId, String> zones, SortedMap<PartitionId, PartitionRow> rows, int copies) {
        this.zones = zones;
        this.rows = rows;
        this.copies = copies;
        this.perZone = smallestShare(zones, copies);
        zones.keySet().forEach(node -> load.put(node, 0));
    }

    /** The smallest share of a partition that every zone can keep to, with what members the zones have. */
    private static int smallestShare(SortedMap<NodeId, String> zones, int copies) {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        zones.values().forEach(zone -> sizes.merge(zone, 1, Integer::sum));
        int share = 1;
        while (sum(sizes, share) < copies) {
            share++;
        }
        return share;
    }

    private static int sum(SortedMap<String, Integer> sizes, int share) {
        return sizes.values().stream().mapToInt(size -> Math.min(size, share)).sum();
    }

    SortedMap<PartitionId, SortedSet<NodeId>> balanced() {
        rows.values().forEach(this::keep);
        rows.keySet().forEach(this::fill);
        new Levelling(load, this::movable, this::move).run();
        return holders;
    }

    /** Takes over what may stay: the primary rather than in-sync, in-sync rather than learners, as the row has them. */
    private void keep(PartitionRow row) {
        SortedSet<NodeId> kept = new TreeSet<>();
        holders.put(row.partition(), kept);
        List<NodeId> byWorth = new ArrayList<>(row.replicas());
        byWorth.sort(Comparator.comparingInt(node -> -worth(row, node)));
        for (NodeId node : byWorth) {
            if (zones.containsKey(node) && kept.size() < copies && hasRoom(kept, node)) {
                add(row.partition(), node);
            }
        }
    }

    private static int worth(PartitionRow row, NodeId node) {
        if (row.isPrimary(node)) {
            return 2;
        }
        return row.inSync().contains(node) ? 1 : 0;
    }

    private void fill(PartitionId partition) {
        SortedSet<NodeId> nodes = holders.getOrDefault(partition, new TreeSet<>());
        while (nodes.size() < copies) {
            NodeId best = null;
            for (NodeId node : zones.keySet()) {
                if (!nodes.contains(node) && hasRoom(nodes, node) && (best == null || isBetter(node, best, nodes))) {
                    best = node;
                }
            }
            if (best == null) {
                return; // not with this share, see smallestShare
            }
            add(partition, best);
        }
    }

    /** The less loaded; of equals whoever shares less with the holders, so that a lost node's work goes to many. */
    private boolean isBetter(NodeId node, NodeId best, SortedSet<NodeId> nodes) {
        int byLoad = Integer.compare(loadOf(node), loadOf(best));
        int order =
                byLoad != 0 ? byLoad : Integer.compare(neighbours.shared(node, nodes), neighbours.shared(best, nodes));
        return order < 0;
    }

    private boolean hasRoom(SortedSet<NodeId> nodes, NodeId node) {
        String zone = zoneOf(node);
        return nodes.stream().filter(other -> zoneOf(other).equals(zone)).count() < perZone;
    }

    private String zoneOf(NodeId node) {
        return zones.getOrDefault(node, "");
    }

    private int loadOf(NodeId node) {
        return load.getOrDefault(node, 0);
    }

    private void add(PartitionId partition, NodeId node) {
        SortedSet<NodeId> nodes = holders.computeIfAbsent(partition, any -> new TreeSet<>());
        neighbours.add(node, nodes);
        nodes.add(node);
        held.computeIfAbsent(node, any -> new TreeSet<>()).add(partition);
        load.merge(node, 1, Integer::sum);
    }

    /** The partition whose copy may go from one node to another at the least cost; null if there is none. */
    private Levelling.@Nullable Edge movable(NodeId from, NodeId to) {
        PartitionId best = null;
        int bestCost = Integer.MAX_VALUE;
        for (PartitionId partition : held.getOrDefault(from, new TreeSet<>())) {
            SortedSet<NodeId> nodes = holders.getOrDefault(partition, new TreeSet<>());
            if (nodes.contains(to) || !hasRoomInstead(nodes, from, to)) {
                continue;
            }
            PartitionRow row = rows.get(partition);
            int cost = row == null ? 0 : cost(row, from, to);
            if (cost < bestCost) {
                best = partition;
                bestCost = cost;
            }
        }
        return best == null ? null : new Levelling.Edge(best, bestCost);
    }

    /**
     * Going back is free, and a copy that is not there yet goes elsewhere for nothing. Whose copy it is matters only between
     * moves that copy as much: a primary goes last.
     */
    private static int cost(PartitionRow row, NodeId from, NodeId to) {
        boolean copies = row.replicas().contains(from) && !row.replicas().contains(to);
        return copies ? ONE_COPY + worth(row, from) : 0;
    }

    private boolean hasRoomInstead(SortedSet<NodeId> nodes, NodeId from, NodeId to) {
        return zoneOf(from).equals(zoneOf(to)) || hasRoom(nodes, to);
    }

    private void move(PartitionId partition, NodeId from, NodeId to) {
        SortedSet<NodeId> nodes = holders.get(partition);
        if (nodes == null || nodes.contains(to) || !nodes.remove(from)) {
            return;
        }
        held.getOrDefault(from, new TreeSet<>()).remove(partition);
        load.merge(from, -1, Integer::sum);
        add(partition, to);
    }
}
