package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.storage.log.PartitionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Levels what nodes carry: while a node carries at least two more than one that can be reached from it by moves, one unit
 * moves along the cheapest such way, from the fullest node to the emptiest (successive shortest paths; Ahuja, Magnanti,
 * Orlin, Network Flows, 9.7).
 */
final class Levelling {

    /**
     * What may take a unit from one node to another.
     *
     * @param cost what it costs, from 0: what has to be copied
     */
    record Edge(PartitionId partition, int cost) {}

    /** The cheapest move between two nodes; null if there is none. */
    interface Edges {
        @Nullable
        Edge between(NodeId from, NodeId to);
    }

    /** Moves a unit, and keeps the load. */
    interface Mover {
        void move(PartitionId partition, NodeId from, NodeId to);
    }

    /** The cheapest way to a node so far: of two that cost the same the shorter one. */
    private record Way(int cost, int length, @Nullable NodeId before) {

        boolean isBetterThan(@Nullable Way other) {
            return other == null || cost < other.cost || (cost == other.cost && length < other.length);
        }
    }

    private final SortedMap<NodeId, Integer> load;
    private final Edges edges;
    private final Mover mover;

    Levelling(SortedMap<NodeId, Integer> load, Edges edges, Mover mover) {
        this.load = load;
        this.edges = edges;
        this.mover = mover;
    }

    void run() {
        while (moveOne()) {
            // each move makes the sum of squares smaller
        }
    }

    private boolean moveOne() {
        List<NodeId> fullestFirst = new ArrayList<>(load.keySet());
        fullestFirst.sort(Comparator.comparingInt(node -> -loadOf(node)));
        int least = load.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        for (NodeId from : fullestFirst) {
            if (loadOf(from) - least < 2) {
                return false;
            }
            List<NodeId> way = wayDown(from);
            if (!way.isEmpty()) {
                return moveAlong(way);
            }
        }
        return false;
    }

    private boolean moveAlong(List<NodeId> way) {
        long before = sumOfSquares();
        for (int i = way.size() - 2; i >= 0; i--) {
            Edge edge = edges.between(way.get(i), way.get(i + 1));
            if (edge != null) {
                mover.move(edge.partition(), way.get(i), way.get(i + 1));
            }
        }
        return sumOfSquares() < before;
    }

    private long sumOfSquares() {
        return load.values().stream().mapToLong(value -> (long) value * value).sum();
    }

    /** The cheapest way to the emptiest node that carries at least two less; empty if there is none. */
    private List<NodeId> wayDown(NodeId from) {
        SortedMap<NodeId, Way> ways = waysFrom(from);
        return ways.keySet().stream()
                .filter(node -> loadOf(node) <= loadOf(from) - 2)
                .min(Comparator.comparingInt(this::loadOf)
                        .thenComparingInt(node ->
                                ways.getOrDefault(node, new Way(0, 0, null)).cost()))
                .map(end -> wayTo(end, ways))
                .orElse(List.of());
    }

    /** Dijkstra's, over few nodes: each turn settles the cheapest one that is not settled. */
    private SortedMap<NodeId, Way> waysFrom(NodeId from) {
        SortedMap<NodeId, Way> open = new TreeMap<>();
        SortedMap<NodeId, Way> settled = new TreeMap<>();
        open.put(from, new Way(0, 0, null));
        while (!open.isEmpty()) {
            NodeId nearest = open.firstKey();
            for (NodeId node : open.keySet()) {
                Way way = open.get(node);
                nearest = way != null && way.isBetterThan(open.get(nearest)) ? node : nearest;
            }
            Way reached = open.remove(nearest);
            if (reached == null) {
                return settled;
            }
            settled.put(nearest, reached);
            for (NodeId next : load.keySet()) {
                Edge edge = settled.containsKey(next) ? null : edges.between(nearest, next);
                if (edge != null) {
                    Way longer = new Way(reached.cost() + edge.cost(), reached.length() + 1, nearest);
                    open.merge(next, longer, (old, other) -> other.isBetterThan(old) ? other : old);
                }
            }
        }
        return settled;
    }

    private static List<NodeId> wayTo(NodeId end, SortedMap<NodeId, Way> ways) {
        List<NodeId> nodes = new ArrayList<>();
        NodeId node = end;
        while (node != null) {
            nodes.add(0, node);
            Way way = ways.get(node);
            node = way == null ? null : way.before();
        }
        return nodes;
    }

    private int loadOf(NodeId node) {
        return load.getOrDefault(node, 0);
    }
}
