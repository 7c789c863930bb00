package dev.holdfast.replication.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;

/** Plays placement against a table whose primaries do at once what the protocol would do in time. */
final class PlacementPlay {

    private static final int MOST_ROUNDS = 200;

    private final TableUnderTest test;
    private final int throttle;

    PlacementPlay(TableUnderTest test, int throttle) {
        this.test = test;
        this.throttle = throttle;
    }

    /** Returns how many rounds it took. */
    int untilSettled(SortedMap<NodeId, String> candidates) {
        for (int round = 1; round < MOST_ROUNDS; round++) {
            ClusterState state = test.table.state();
            SortedMap<PartitionId, List<NodeId>> target = Placement.target(candidates, state.rows(), 2);
            List<ReplicaPlacement> steps = Placement.steps(target, state.rows(), state.minInSync(), throttle);
            if (!steps.isEmpty()) {
                test.applies(new ClusterCommand.PlaceReplicas(steps));
            }
            assertThat(underWay(row -> Placement.isCopied(row, target.getOrDefault(row.partition(), List.of()))))
                    .isLessThanOrEqualTo(throttle);
            assertThat(underWay(Placement::isMoved)).isLessThanOrEqualTo(throttle);
            boolean moved = false;
            for (PartitionRow row : test.table.state().rows().values()) {
                moved |= play(row);
            }
            if (steps.isEmpty() && !moved) {
                return round;
            }
        }
        throw new AssertionError("Not settled after rounds=" + MOST_ROUNDS + ": "
                + test.table.state().rows());
    }

    private long underWay(Predicate<PartitionRow> which) {
        return test.table.state().rows().values().stream().filter(which).count();
    }

    /** One change by the primary: a learner has caught up, or the one that should lead is handed the partition. */
    private boolean play(PartitionRow row) {
        NodeId first = row.replicas().get(0);
        Nodes.RowDraft draft = new Nodes.RowDraft(row);
        if (row.primary().isEmpty()) {
            test.applies(draft.led(first, 1).by(first));
            return true;
        }
        NodeId primary = row.primary().get();
        if (row.inSync().size() < row.replicas().size()) {
            NodeId[] all = row.replicas().toArray(NodeId[]::new);
            test.applies(draft.inSync(all).by(primary, all));
            return true;
        }
        if (!primary.equals(first)) {
            test.applies(draft.led(first, (int) row.epoch().value() + 1).by(primary));
            return true;
        }
        return false;
    }
}
