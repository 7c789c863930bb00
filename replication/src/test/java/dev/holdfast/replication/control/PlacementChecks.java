package dev.holdfast.replication.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** What holds for every placement, and clusters to place. */
final class PlacementChecks {

    private PlacementChecks() {}

    static void change(TreeMap<NodeId, String> nodes, SplittableRandom random) {
        if (nodes.size() > 1 && random.nextBoolean()) {
            nodes.remove(List.copyOf(nodes.keySet()).get(random.nextInt(nodes.size())));
        } else {
            NodeId next = node(random.nextInt(1_000));
            nodes.put(next, next.diskId());
        }
    }

    static void checkWhole(
            String what, SortedMap<PartitionId, List<NodeId>> target, SortedMap<NodeId, String> nodes, int copies) {
        target.values()
                .forEach(held -> assertThat(held)
                        .as(what)
                        .doesNotHaveDuplicates()
                        .hasSize(Math.min(copies, nodes.size()))
                        .allMatch(nodes::containsKey));
    }

    static void checkEven(String what, SortedMap<PartitionId, List<NodeId>> target, SortedMap<NodeId, String> nodes) {
        Map<NodeId, Integer> replicas = new TreeMap<>();
        Map<NodeId, Integer> primaries = new TreeMap<>();
        nodes.keySet().forEach(node -> {
            replicas.put(node, 0);
            primaries.put(node, 0);
        });
        target.values().forEach(held -> {
            held.forEach(node -> replicas.merge(node, 1, Integer::sum));
            primaries.merge(held.get(0), 1, Integer::sum);
        });
        assertThat(spread(replicas)).as("replicas, " + what + replicas).isLessThanOrEqualTo(1);
        assertThat(spread(primaries)).as("primaries, " + what + primaries).isLessThanOrEqualTo(1);
    }

    private static int spread(Map<NodeId, Integer> load) {
        return Collections.max(load.values()) - Collections.min(load.values());
    }

    /** What no even placement could do without: copies that are missing, and what some have above an even share. */
    static int checkMovement(
            String what,
            SortedMap<PartitionId, PartitionRow> rows,
            SortedMap<PartitionId, List<NodeId>> target,
            SortedMap<NodeId, String> nodes) {
        Map<NodeId, Integer> kept = new TreeMap<>();
        nodes.keySet().forEach(node -> kept.put(node, 0));
        int added = 0;
        int total = 0;
        for (PartitionRow row : rows.values()) {
            List<NodeId> wanted = target.getOrDefault(row.partition(), List.of());
            total += wanted.size();
            added += (int) wanted.stream()
                    .filter(node -> !row.replicas().contains(node))
                    .count();
            row.replicas().stream()
                    .filter(nodes::containsKey)
                    .limit(wanted.size())
                    .forEach(node -> kept.merge(node, 1, Integer::sum));
        }
        int there = kept.values().stream().mapToInt(Integer::intValue).sum();
        int most = (total + nodes.size() - 1) / nodes.size();
        int least = total / nodes.size();
        int above = kept.values().stream()
                .mapToInt(count -> Math.max(0, count - most))
                .sum();
        int below = kept.values().stream()
                .mapToInt(count -> Math.max(0, least - count))
                .sum();
        int needed = Math.max(total - there + above, below);
        // Where copies are missing, who already has the others may leave them no direct way to the emptiest node.
        int detours = total == there ? 0 : 1 + needed / 4;
        assertThat(added).as(what).isLessThanOrEqualTo(needed + detours);
        return added;
    }

    static SortedMap<PartitionId, PartitionRow> settled(
            SortedMap<PartitionId, PartitionRow> rows, SortedMap<PartitionId, List<NodeId>> target) {
        SortedMap<PartitionId, PartitionRow> settled = new TreeMap<>();
        rows.values()
                .forEach(row -> settled.put(
                        row.partition(), row(row.partition(), target.getOrDefault(row.partition(), List.of()))));
        return settled;
    }

    static SortedMap<PartitionId, PartitionRow> blank(int count) {
        SortedMap<PartitionId, PartitionRow> rows = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            rows.put(new PartitionId(i), row(new PartitionId(i), List.of()));
        }
        return rows;
    }

    private static PartitionRow row(PartitionId partition, List<NodeId> replicas) {
        return new PartitionRow(
                partition,
                replicas,
                new TreeSet<>(replicas),
                Collections.emptySortedSet(),
                replicas.stream().findFirst(),
                new Epoch(replicas.isEmpty() ? 0 : 1),
                new RowVersion(0),
                0);
    }

    static TreeMap<NodeId, String> ownZones(int count) {
        TreeMap<NodeId, String> nodes = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            nodes.put(node(i), node(i).diskId());
        }
        return nodes;
    }

    static NodeId node(int number) {
        return new NodeId("disk-" + number);
    }
}
