package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static dev.holdfast.replication.control.Nodes.C;
import static dev.holdfast.replication.control.Nodes.D;
import static dev.holdfast.replication.control.Nodes.S1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplacedTest {

    private final TableUnderTest test = TableUnderTest.led(1, A, B, C);

    /** As of a node that starts with an empty directory. */
    private static ClusterCommand.Join inPlaceOfB() {
        return new ClusterCommand.Join(D, Nodes.details(B), Role.VOTER, S1, 2_000);
    }

    private void seen(NodeId node, boolean present) {
        test.applies(new ClusterCommand.Report(List.of(new Sighting(node, S1, present)), 1_500));
    }

    @Test
    void whoIsAwayAndWhoseNameAnotherHasIsReplaced() {
        seen(B, false);
        assertThat(Replaced.of(test.table.state())).isEmpty();
        test.applies(inPlaceOfB());
        assertThat(Replaced.of(test.table.state())).containsExactly(B);
        assertThat(Placement.candidates(test.table.state(), 0)).containsOnlyKeys(A, C, D);
    }

    @Test
    void whoIsAwayWithWhoeverReplacedItIsNot() {
        seen(B, false);
        test.applies(inPlaceOfB());
        seen(D, false);
        assertThat(Replaced.of(test.table.state())).isEmpty();
    }

    @Test
    void aReplacedMemberIsNeededAsLongAsAPartitionMayHaveToBeLedFromIt() {
        TableUnderTest two = TableUnderTest.led(2, A, B);
        two.applies(new ClusterCommand.Report(List.of(new Sighting(B, S1, false)), 1_500));
        two.applies(inPlaceOfB());
        assertThat(Replaced.notNeeded(two.table.state())).isEmpty();
        two.refuses(new ClusterCommand.Remove(B), "may hold what nobody else has");
        two.applies(two.row0().inSync(A).eligible(B).by(A));
        assertThat(Replaced.notNeeded(two.table.state())).isEmpty();
        two.applies(Nodes.place(0, 3, A, B, D));
        two.applies(two.row0().inSync(A, D).eligible().by(A, D));
        assertThat(Replaced.notNeeded(two.table.state())).containsExactly(B);
        two.applies(new ClusterCommand.Remove(B));
        assertThat(Replaced.of(two.table.state())).isEmpty();
    }
}
