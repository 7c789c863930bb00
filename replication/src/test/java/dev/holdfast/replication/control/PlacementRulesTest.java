package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static dev.holdfast.replication.control.Nodes.C;
import static dev.holdfast.replication.control.Nodes.D;
import static dev.holdfast.replication.control.Nodes.S1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.PartitionRow;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PlacementRulesTest {

    private final TableUnderTest test = TableUnderTest.led(1, A, B);

    @Test
    void aNewReplicaLearns() {
        test.applies(Nodes.join(C));
        test.conflicts(Nodes.place(0, 1, A, B, C), "version=2");
        test.applies(Nodes.place(0, 2, A, B, C));
        assertThat(test.row().isLearner(C)).isTrue();
        assertThat(test.row().isPrimary(A)).isTrue();
    }

    @Test
    void aPrimaryIsNotMovedAway() {
        test.applies(Nodes.join(C));
        test.refuses(Nodes.place(0, 2, B, C), "hands over before");
    }

    @Test
    void aCopyGoesWhenEnoughAreInSync() {
        test.applies(Nodes.join(C));
        test.applies(Nodes.place(0, 2, A, B, C));
        test.refuses(Nodes.place(0, 3, A, C), "too few");
        test.applies(test.row0().inSync(A, B, C).by(A, C));
        test.applies(Nodes.place(0, 4, A, C));
        assertThat(test.row().inSync()).containsExactly(A, C);
    }

    @Test
    void aBlankPartitionIsPlacedAnewUntilSomebodyLeads() {
        test.applies(Nodes.place(1, 0, A));
        test.applies(Nodes.place(1, 1, B, A));
        assertThat(row1().inSync()).containsExactly(A, B);
    }

    @Test
    void whoIsEligibleStays() {
        TableUnderTest led = TableUnderTest.led(2, A, B, C);
        led.applies(led.row0().inSync(A, B).by(A));
        led.applies(led.row0().inSync(A).eligible(B).by(A));
        led.refuses(Nodes.place(0, 4, A, C), "next primary");
        led.applies(Nodes.place(0, 4, A, B));
    }

    @Test
    void onlyMembersThatTakeReplicasGetSome() {
        test.refuses(Nodes.place(0, 2, A, B, D), "disk-d");
        test.applies(new ClusterCommand.Leave(B, S1));
        test.refuses(Nodes.place(1, 0, A, B), "disk-b");
        test.applies(Nodes.place(0, 2, B, A));
    }

    @Test
    void allPlacementsOrNone() {
        ReplicaPlacement good = new ReplicaPlacement(new PartitionId(1), new RowVersion(0), List.of(A));
        ReplicaPlacement late = new ReplicaPlacement(new PartitionId(2), new RowVersion(3), List.of(A));
        test.conflicts(new ClusterCommand.PlaceReplicas(List.of(good, late)), "partition=2");
        assertThat(row1().replicas()).isEmpty();
    }

    private PartitionRow row1() {
        return Objects.requireNonNull(test.table.state().row(new PartitionId(1)));
    }
}
