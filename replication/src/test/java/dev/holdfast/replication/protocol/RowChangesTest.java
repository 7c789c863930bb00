package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowChangesTest {

    private static final NodeId A = new NodeId("a");
    private static final NodeId B = new NodeId("b");
    private static final NodeId C = new NodeId("c");

    private static PartitionRow row(Set<NodeId> inSync, Set<NodeId> eligible, NodeId primary) {
        return new PartitionRow(
                new PartitionId(3),
                List.of(A, B, C),
                sorted(inSync),
                sorted(eligible),
                Optional.of(primary),
                new Epoch(5),
                new RowVersion(9),
                77);
    }

    private static SortedSet<NodeId> sorted(Set<NodeId> nodes) {
        return new TreeSet<>(nodes);
    }

    @Test
    void whoLeavesIsEligibleOnlyIfThatTookInSyncBelowTheMinimum() {
        PartitionRow all = row(Set.of(A, B, C), Set.of(), A);
        assertThat(RowChanges.shrink(all, Set.of(C), Set.of(), 2).eligible()).isEmpty();
        assertThat(RowChanges.shrink(all, Set.of(C), Set.of(), 3).eligible()).containsExactly(C);
        assertThat(RowChanges.shrink(all, Set.of(B, C), Set.of(), 2).eligible()).containsExactly(B, C);
        assertThat(RowChanges.shrink(all, Set.of(B, C), Set.of(), 1).eligible())
                .as("with a minimum of 1 commits never stop")
                .isEmpty();
    }

    @Test
    void whoLostSomethingIsNeverEligible() {
        PartitionRow all = row(Set.of(A, B, C), Set.of(), A);
        assertThat(RowChanges.shrink(all, Set.of(B, C), Set.of(C), 2).eligible())
                .containsExactly(B);
    }

    @Test
    void nobodyIsEligibleWhenInSyncIsLargeEnoughAgain() {
        PartitionRow alone = row(Set.of(A), Set.of(B, C), A);
        assertThat(RowChanges.expand(alone, B, 3).eligible()).containsExactly(C);
        assertThat(RowChanges.expand(alone, B, 2).eligible()).isEmpty();
    }

    @Test
    void aFailoverRaisesTheEpochAndLeavesTheOldPrimaryOut() {
        PartitionRow next = RowChanges.failover(row(Set.of(A, B, C), Set.of(), A), B, new Epoch(6), 2);
        assertThat(next.inSync()).containsExactly(B, C);
        assertThat(next.primary()).contains(B);
        assertThat(next.epoch()).isEqualTo(new Epoch(6));
        assertThat(next.version()).isEqualTo(new RowVersion(10));
        assertThat(next.idCeiling()).isEqualTo(77);
        assertThat(next.eligible()).isEmpty();
        assertThat(RowChanges.failover(row(Set.of(A, B), Set.of(), A), B, new Epoch(6), 2)
                        .eligible())
                .containsExactly(A);
    }

    @Test
    void theOldPrimaryStaysInSyncIfItIsTheProposer() {
        PartitionRow all = row(Set.of(A, B, C), Set.of(), A);
        assertThat(RowChanges.failover(all, A, new Epoch(6), 2).inSync()).containsExactly(A, B, C);
        assertThat(RowChanges.handOver(all, B, new Epoch(6)).inSync()).containsExactly(A, B, C);
        assertThat(RowChanges.handOver(all, B, new Epoch(6)).primary()).contains(B);
    }

    @Test
    void anEligibleReplicaLeadsAloneAndTheLastMembersAreEligible() {
        PartitionRow next = RowChanges.failover(row(Set.of(A), Set.of(B), A), B, new Epoch(6), 2);
        assertThat(next.inSync()).containsExactly(B);
        assertThat(next.eligible()).containsExactly(A);
    }

    @Test
    void whoLeadsAsTheBestOfSuspectsLeadsAlone() {
        PartitionRow next = RowChanges.lead(row(Set.of(A, B), Set.of(C), A), B, new Epoch(6));
        assertThat(next.inSync()).containsExactly(B);
        assertThat(next.eligible()).isEmpty();
    }

    @Test
    void whoIsDroppedLosesItsCopyAsWell() {
        PartitionRow next = RowChanges.drop(row(Set.of(A, B, C), Set.of(), A), C, 2);
        assertThat(next.replicas()).containsExactly(A, B);
        assertThat(next.inSync()).containsExactly(A, B);
        assertThat(next.eligible()).isEmpty();
    }
}
