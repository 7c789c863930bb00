package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static dev.holdfast.replication.control.Nodes.C;
import static dev.holdfast.replication.control.Nodes.D;
import static dev.holdfast.replication.control.Nodes.S1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MemberRulesTest {

    private final TableUnderTest test = new TableUnderTest();

    @Test
    void beforeTheFoundingNothingElseIsTaken() {
        test.refuses(Nodes.join(A), "not founded");
        test.refuses(Nodes.place(0, 0, A), "not founded");
    }

    @Test
    void aClusterIsFoundedOnce() {
        test.applies(Nodes.found(4, 1, A, B));
        test.applies(Nodes.found(4, 1, A, B));
        test.refuses(Nodes.found(4, 1, A, C), "founded already", Nodes.CLUSTER);
        assertThat(test.table.state().rows()).hasSize(4);
    }

    @Test
    void anOriginIsTheOnlyInSyncMemberAboveItsEpoch() {
        Origin origin = new Origin(A, new Epoch(7), 70_000);
        test.applies(new ClusterCommand.Found(
                new Founding(Nodes.CLUSTER, new TreeSet<>(List.of(A, B)), 2, Optional.of(origin)), 1));
        test.applies(Nodes.join(A));
        test.applies(Nodes.join(B));
        test.refuses(test.row0().led(A, 7).by(A), "epoch rises");
        test.applies(test.row0().led(A, 8).by(A));
        test.applies(Nodes.place(0, 1, A, B));
        assertThat(test.row().isLearner(B)).isTrue();
        assertThat(test.row().idCeiling()).isEqualTo(70_000);
    }

    @Test
    void sessionsAreClaimedOneByOne() {
        found(A);
        test.conflicts(Nodes.join(A), "claim the next session");
        test.applies(new ClusterCommand.ClaimSession(A, Nodes.details(A, "zone-1"), S1, 5));
        assertThat(test.member(A).session()).isEqualTo(new Session(2));
        assertThat(test.member(A).details().zone()).isEqualTo("zone-1");
        test.conflicts(new ClusterCommand.ClaimSession(A, Nodes.details(A), S1, 6), "session=2", "named=1");
        test.conflicts(new ClusterCommand.ClaimSession(B, Nodes.details(B), S1, 6), "Not a member");
    }

    @Test
    void aStaleDiskIsInSyncNowhereAndLeadsNothing() {
        TableUnderTest led = TableUnderTest.led(1, A, B);
        led.applies(new ClusterCommand.ClaimSession(A, Nodes.details(A), S1, 5));
        led.conflicts(new ClusterCommand.ClaimStale(A, Nodes.details(A), S1, 6));
        led.applies(new ClusterCommand.ClaimStale(A, Nodes.details(A), new Session(2), 6));
        assertThat(led.member(A).session()).isEqualTo(new Session(3));
        assertThat(led.row().inSync()).containsExactly(B);
        assertThat(led.row().primary()).isEmpty();
        assertThat(led.row().epoch().value()).isEqualTo(2);
        assertThat(led.row().replicas()).contains(A);
        led.applies(led.row0().led(B, 3).by(B));
    }

    /** R12: the one that is left has not forced its log, and shows what it has by taking over. */
    @Test
    void aStaleBackupThatLeavesOneInSyncDeposesThat() {
        TableUnderTest led = TableUnderTest.led(1, A, B);
        led.applies(new ClusterCommand.ClaimStale(B, Nodes.details(B), S1, 6));
        assertThat(led.row().inSync()).containsExactly(A);
        assertThat(led.row().primary()).isEmpty();
        assertThat(led.row().epoch().value()).isEqualTo(2);
        TableUnderTest ofThree = TableUnderTest.led(1, A, B, C);
        ofThree.applies(new ClusterCommand.ClaimStale(B, Nodes.details(B), S1, 6));
        assertThat(ofThree.row().isPrimary(A)).isTrue();
    }

    @Test
    void aStaleDiskIsNotEligibleEither() {
        TableUnderTest led = TableUnderTest.led(2, A, B);
        led.applies(led.row0().inSync(A).eligible(B).by(A));
        led.applies(new ClusterCommand.ClaimStale(B, Nodes.details(B), S1, 6));
        assertThat(led.row().eligible()).isEmpty();
        assertThat(led.row().isPrimary(A)).isTrue();
    }

    @Test
    void nameAndAddressBelongToOneMemberThatIsThere() {
        found(A);
        NodeId wiped = new NodeId("disk-a-wiped");
        MemberDetails sameName =
                new MemberDetails(Nodes.details(A).name(), Nodes.details(wiped).addresses(), "");
        MemberDetails sameAddress = new MemberDetails("other", Nodes.details(A).addresses(), "");
        test.refuses(new ClusterCommand.Join(wiped, sameName, Role.LISTENER, S1, 9), "disk-a", "disk-a-wiped");
        test.refuses(new ClusterCommand.Join(wiped, sameAddress, Role.LISTENER, S1, 9), "address is in use");
        test.applies(new ClusterCommand.Report(List.of(new Sighting(A, S1, false)), 8));
        test.applies(new ClusterCommand.Join(wiped, sameName, Role.LISTENER, S1, 9));
        test.refuses(new ClusterCommand.ClaimSession(A, Nodes.details(A), S1, 10), "name is in use");
    }

    @Test
    void whatIsSaidOfAnEarlierLifeIsPassedOver() {
        found(A);
        test.applies(new ClusterCommand.ClaimSession(A, Nodes.details(A), S1, 5));
        test.applies(new ClusterCommand.Report(List.of(new Sighting(A, S1, false), new Sighting(D, S1, false)), 8));
        assertThat(test.member(A).presence()).isEqualTo(new Presence(true, 5));
    }

    @Test
    void aMemberIsRemovedOnceNothingDependsOnIt() {
        TableUnderTest led = TableUnderTest.led(1, A, B, C);
        led.refuses(new ClusterCommand.Remove(C), "let it leave");
        led.conflicts(new ClusterCommand.Leave(C, new Session(2)));
        led.applies(new ClusterCommand.Leave(C, S1));
        led.refuses(new ClusterCommand.Remove(C), "partition=0");
        led.applies(led.row0().inSync(A, B).by(A));
        led.applies(new ClusterCommand.Remove(C));
        assertThat(led.row().replicas()).containsExactly(A, B);
        assertThat(led.table.state().member(C)).isNull();
        led.conflicts(new ClusterCommand.Remove(C), "Not a member");
        led.conflicts(Nodes.join(C), "later session");
        led.applies(new ClusterCommand.Join(C, Nodes.details(C), Role.LISTENER, new Session(2), 9));
        assertThat(led.table.state().departed()).isEmpty();
    }

    @Test
    void whoWasRemovedFirstIsForgottenFirst() {
        found(A);
        List<NodeId> gone = new ArrayList<>();
        for (int i = 0; i <= Limits.MAX_DEPARTED; i++) {
            NodeId node = new NodeId("disk-" + (99_999 - i)); // the last one removed is the first by name
            gone.add(node);
            test.applies(Nodes.join(node));
            test.applies(new ClusterCommand.Leave(node, S1));
            test.applies(new ClusterCommand.Remove(node));
        }
        ClusterTable restored = new ClusterTable();
        restored.install(test.table.snapshot());
        assertThat(restored.state().departed().keySet()).containsExactlyElementsOf(gone.subList(1, gone.size()));
    }

    @Test
    void aDeadMemberIsRemovedWithoutItsConsent() {
        TableUnderTest led = TableUnderTest.led(1, A, B);
        led.applies(led.row0().inSync(A).by(A));
        led.applies(new ClusterCommand.Report(List.of(new Sighting(B, S1, false)), 8));
        led.applies(new ClusterCommand.Remove(B));
        assertThat(led.row().replicas()).containsExactly(A);
    }

    @Test
    void aWitnessHoldsNothing() {
        found(A);
        test.applies(new ClusterCommand.Join(B, Nodes.details(B), Role.WITNESS, S1, 9));
        test.refuses(Nodes.place(0, 0, A, B), "takes replicas");
        test.applies(Nodes.place(0, 0, A));
        test.refuses(new ClusterCommand.ChangeRole(A, Role.VOTER, Role.WITNESS), "holds no replicas");
        test.conflicts(new ClusterCommand.ChangeRole(B, Role.VOTER, Role.LISTENER), "WITNESS");
        test.applies(new ClusterCommand.ChangeRole(B, Role.WITNESS, Role.LISTENER));
    }

    @Test
    void membersAgreeAboutAnExecutor() {
        found(A);
        test.applies(Nodes.join(B));
        test.applies(register(A, 2, "10000"));
        test.applies(register(A, 2, "10000"));
        test.refuses(register(B, 1, "20000"), "orders", "node-disk-a", "node-disk-b", "10000", "20000", "durability");
        test.applies(register(A, 2, "20000"));
        test.applies(register(B, 2, "20000"));
        test.applies(new ClusterCommand.ClaimSession(A, Nodes.details(A), S1, 5));
        ExecutorRegistration orders =
                Objects.requireNonNull(test.table.state().executors().get("orders"));
        assertThat(orders.registeredBy()).containsExactly(B);
        test.conflicts(register(A, 2, "20000"), "session=2");
    }

    @Test
    void theLargestDurabilityDecidesAboutReplicas() {
        found(A);
        assertThat(test.table.state().wantedCopies()).isEqualTo(1);
        test.applies(register(A, 2, "1"));
        assertThat(test.table.state().wantedCopies()).as("one member").isEqualTo(1);
        test.applies(Nodes.join(B));
        test.applies(Nodes.join(C));
        test.applies(Nodes.join(D));
        assertThat(test.table.state().wantedCopies()).isEqualTo(3);
    }

    private static ClusterCommand register(NodeId node, int durability, String capacity) {
        TreeMap<String, String> values = new TreeMap<>();
        values.put("capacity", capacity);
        return new ClusterCommand.RegisterExecutor(node, S1, new ExecutorSettings("orders", durability, values));
    }

    private void found(NodeId first) {
        test.applies(Nodes.found(4, 1, first));
        test.applies(Nodes.join(first));
    }
}
