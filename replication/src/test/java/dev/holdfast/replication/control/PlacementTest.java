package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.PlacementChecks.blank;
import static dev.holdfast.replication.control.PlacementChecks.change;
import static dev.holdfast.replication.control.PlacementChecks.checkEven;
import static dev.holdfast.replication.control.PlacementChecks.checkMovement;
import static dev.holdfast.replication.control.PlacementChecks.checkWhole;
import static dev.holdfast.replication.control.PlacementChecks.node;
import static dev.holdfast.replication.control.PlacementChecks.ownZones;
import static dev.holdfast.replication.control.PlacementChecks.settled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PlacementTest {

    private static final int SEEDS = 40;

    @Test
    void randomJoinsAndLeavesMoveLittleAndEndEven() {
        int added = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int partitions = 1 + random.nextInt(100);
            int copies = 1 + random.nextInt(3);
            TreeMap<NodeId, String> nodes = ownZones(1 + random.nextInt(4));
            SortedMap<PartitionId, PartitionRow> rows = blank(partitions);
            for (int step = 0; step < 12; step++) {
                SortedMap<PartitionId, List<NodeId>> target = Placement.target(nodes, rows, copies);
                String what = "seed=" + seed + ", step=" + step + ", nodes=" + nodes.size() + ", copies=" + copies;
                checkWhole(what, target, nodes, copies);
                checkEven(what, target, nodes);
                added += checkMovement(what, rows, target, nodes);
                assertThat(Placement.target(nodes, rows, copies)).as(what).isEqualTo(target);
                rows = settled(rows, target);
                assertThat(Placement.target(nodes, rows, copies))
                        .as("stays, " + what)
                        .isEqualTo(target);
                change(nodes, random);
            }
        }
        assertThat(added).as("copies made").isGreaterThan(1_000);
    }

    @Test
    void zonesShareNoPartitionWhereTheyNeedNot() {
        for (long seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TreeMap<NodeId, String> nodes = new TreeMap<>();
            int zones = 1 + random.nextInt(4);
            for (int i = 0; i < 3 + random.nextInt(6); i++) {
                nodes.put(node(i), "zone-" + random.nextInt(zones));
            }
            int copies = 1 + random.nextInt(3);
            SortedMap<PartitionId, PartitionRow> rows = blank(60);
            for (int step = 0; step < 6; step++) {
                SortedMap<PartitionId, List<NodeId>> target = Placement.target(nodes, rows, copies);
                String what = "seed=" + seed + ", step=" + step + ", nodes=" + nodes + ", copies=" + copies;
                checkWhole(what, target, nodes, copies);
                long there = nodes.values().stream().distinct().count();
                target.values()
                        .forEach(held -> assertThat(
                                        held.stream().map(nodes::get).distinct())
                                .as(what)
                                .hasSize((int) Math.min(there, Math.min(copies, nodes.size()))));
                rows = settled(rows, target);
                nodes.put(node(20 + step), "zone-" + random.nextInt(zones));
                nodes.remove(nodes.firstKey());
            }
        }
    }

    @Test
    void equalZonesAreEven() {
        TreeMap<NodeId, String> nodes = new TreeMap<>();
        for (int i = 0; i < 6; i++) {
            nodes.put(node(i), "zone-" + i % 3);
        }
        SortedMap<PartitionId, PartitionRow> rows = blank(64);
        rows = settled(rows, Placement.target(nodes, rows, 2));
        nodes.put(node(6), "zone-0");
        nodes.put(node(7), "zone-1");
        nodes.put(node(8), "zone-2");
        checkEven("three more", Placement.target(nodes, rows, 2), nodes);
    }

    @Test
    void whileNobodyMayHoldACopyThereIsNothingToDo() {
        SortedMap<PartitionId, PartitionRow> rows = blank(3);
        SortedMap<PartitionId, List<NodeId>> target = Placement.target(new TreeMap<>(), rows, 2);
        assertThat(Placement.steps(target, rows, 1, 2)).isEmpty();
    }

    @Test
    @Timeout(20)
    void aLargeClusterIsPlacedInSeconds() {
        TreeMap<NodeId, String> nodes = ownZones(30);
        SortedMap<PartitionId, PartitionRow> rows = blank(1_000);
        rows = settled(rows, Placement.target(nodes, rows, 3));
        nodes.put(node(500), "own");
        SortedMap<PartitionId, List<NodeId>> target = Placement.target(nodes, rows, 3);
        checkEven("one more", target, nodes);
        assertThat(checkMovement("one more", rows, target, nodes)).isBetween(96, 97);
    }

    @Test
    void aLostNodesWorkGoesToMany() {
        TreeMap<NodeId, String> nodes = ownZones(5);
        SortedMap<PartitionId, PartitionRow> rows = blank(100);
        SortedMap<PartitionId, List<NodeId>> target = Placement.target(nodes, rows, 2);
        Map<NodeId, Integer> partners = new TreeMap<>();
        target.values().stream()
                .filter(held -> held.contains(node(0)))
                .flatMap(Collection::stream)
                .forEach(other -> partners.merge(other, 1, Integer::sum));
        assertThat(partners).hasSize(5);
    }

    /** Plays what steps propose, with learners that catch up, until nothing is left to do. */
    @Test
    void stepsLeadToTheTargetWithinTheThrottle() {
        TreeMap<NodeId, String> nodes = ownZones(3);
        TableUnderTest test = TableUnderTest.founded(1, nodes.keySet().toArray(NodeId[]::new));
        PlacementPlay play = new PlacementPlay(test, 2);
        play.untilSettled(nodes);
        test.applies(Nodes.join(node(3)));
        nodes.put(node(3), "own");
        assertThat(play.untilSettled(nodes)).isBetween(1, 100);
        nodes.remove(node(0));
        play.untilSettled(nodes);
        assertThat(test.table.state().rows().values())
                .noneMatch(row -> row.replicas().contains(node(0)))
                .allMatch(row ->
                        row.inSync().size() == 2 && row.isPrimary(row.replicas().get(0)));
    }

    /** Its copies are not in sync any more: that is no copying under way. */
    @Test
    void aLostNodesCopiesAreMadeAnewWithinTheThrottle() {
        SortedMap<PartitionId, PartitionRow> rows = new TreeMap<>();
        SortedMap<PartitionId, List<NodeId>> target = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            PartitionId partition = new PartitionId(i);
            PartitionRow blank = Objects.requireNonNull(blank(10).get(partition));
            rows.put(
                    partition,
                    new Nodes.RowDraft(blank)
                            .replicas(node(1), node(0))
                            .inSync(node(1))
                            .led(node(1), 1)
                            .row());
            target.put(partition, List.of(node(1), node(2)));
        }
        assertThat(Placement.steps(target, rows, 1, 3)).hasSize(3);
    }

    /** Tasks that run for long keep a primary from handing over; a lost copy does not wait for them. */
    @Test
    void handOversThatTakeLongKeepNoLostCopyFromBeingMadeAnew() {
        SortedMap<PartitionId, PartitionRow> rows = new TreeMap<>();
        SortedMap<PartitionId, List<NodeId>> target = new TreeMap<>();
        for (int i = 0; i < 10; i++) {
            PartitionId partition = new PartitionId(i);
            PartitionRow blank = Objects.requireNonNull(blank(10).get(partition));
            Nodes.RowDraft draft = new Nodes.RowDraft(blank);
            boolean handsOver = i < 3;
            rows.put(
                    partition,
                    handsOver
                            ? draft.replicas(node(2), node(1))
                                    .inSync(node(2), node(1))
                                    .led(node(1), 1)
                                    .row()
                            : draft.replicas(node(1), node(0))
                                    .inSync(node(1))
                                    .led(node(1), 1)
                                    .row());
            target.put(partition, handsOver ? List.of(node(2), node(1)) : List.of(node(1), node(2)));
        }
        assertThat(Placement.steps(target, rows, 1, 3)).hasSize(3);
    }

    @Test
    void whoIsLostForLongerIsNoCandidate() {
        TableUnderTest test = TableUnderTest.founded(1, Nodes.A, Nodes.B, Nodes.C);
        test.applies(new ClusterCommand.Report(List.of(new Sighting(Nodes.B, Nodes.S1, false)), 60_000));
        test.applies(new ClusterCommand.Leave(Nodes.C, Nodes.S1));
        assertThat(Placement.candidates(test.table.state(), 59_999)).containsOnlyKeys(Nodes.A, Nodes.B);
        assertThat(Placement.candidates(test.table.state(), 60_000)).containsOnlyKeys(Nodes.A);
        assertThat(Placement.target(new TreeMap<>(), test.table.state().rows(), 2)
                        .values())
                .allMatch(List::isEmpty);
    }
}
