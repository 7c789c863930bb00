package dev.holdfast.replication.control;

import dev.holdfast.replication.protocol.NodeId;
import java.util.SortedSet;
import java.util.TreeMap;

/** How many partitions two nodes hold together. */
final class Neighbours {

    private final TreeMap<NodeId, TreeMap<NodeId, Integer>> together = new TreeMap<>();

    /** {@code node} gets a partition that {@code others} hold. */
    void add(NodeId node, SortedSet<NodeId> others) {
        for (NodeId other : others) {
            together.computeIfAbsent(node, any -> new TreeMap<>()).merge(other, 1, Integer::sum);
            together.computeIfAbsent(other, any -> new TreeMap<>()).merge(node, 1, Integer::sum);
        }
    }

    int shared(NodeId node, SortedSet<NodeId> others) {
        TreeMap<NodeId, Integer> with = together.get(node);
        return with == null
                ? 0
                : others.stream().mapToInt(other -> with.getOrDefault(other, 0)).sum();
    }
}
