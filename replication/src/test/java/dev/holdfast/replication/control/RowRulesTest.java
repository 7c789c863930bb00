package dev.holdfast.replication.control;

import static dev.holdfast.replication.control.Nodes.A;
import static dev.holdfast.replication.control.Nodes.B;
import static dev.holdfast.replication.control.Nodes.C;
import static dev.holdfast.replication.control.Nodes.D;
import static dev.holdfast.replication.control.Nodes.P0;
import static dev.holdfast.replication.control.Nodes.S1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Session;
import org.junit.jupiter.api.Test;

class RowRulesTest {

    private TableUnderTest test = TableUnderTest.led(1, A, B, C);

    @Test
    void aBlankPartitionIsInSyncEverywhere() {
        assertThat(test.row().inSync()).containsExactly(A, B, C);
        assertThat(test.row().isPrimary(A)).isTrue();
        assertThat(test.row().epoch().value()).isEqualTo(1);
    }

    @Test
    void theSecondOfTwoChangesFromTheSameVersionIsAConflict() {
        ClusterCommand shrinkB = test.row0().inSync(A, C).by(A);
        ClusterCommand shrinkC = test.row0().inSync(A, B).by(A);
        test.applies(shrinkB);
        test.conflicts(shrinkC, "version=3", "expected=2");
    }

    @Test
    void onlyThePrimaryShrinksAndExpands() {
        test.refuses(test.row0().inSync(A, C).by(C), "only the primary");
        test.applies(test.row0().inSync(A, C).by(A));
        test.refuses(test.row0().inSync(A, B, C).by(B, B), "only the primary");
        test.refuses(test.row0().inSync(A, B, C).by(A), "named with its session");
        test.applies(test.row0().inSync(A, B, C).by(A, B));
    }

    @Test
    void aCandidateThatRestartedIsNotInSync() {
        test.applies(test.row0().inSync(A, C).by(A));
        ClusterCommand expand = test.row0().inSync(A, B, C).by(A, B);
        test.applies(new ClusterCommand.ClaimSession(B, Nodes.details(B), S1, 5));
        test.conflicts(expand, "session=2", "named=1");
    }

    @Test
    void aPrimaryThatRestartedChangesNothingUnderItsEarlierSession() {
        ClusterCommand late = test.row0().inSync(A, C).by(A);
        test.applies(new ClusterCommand.ClaimSession(A, Nodes.details(A), S1, 5));
        test.conflicts(late, "session=2");
    }

    @Test
    void aFailoverRaisesTheEpochAndTakesTheOldPrimaryOut() {
        test.refuses(test.row0().led(B, 1).by(B), "the epoch rises with every change of primary");
        test.refuses(test.row0().led(B, 0).inSync(B, C).by(B), "never falls");
        test.refuses(test.row0().led(B, 2).by(B), "the old primary leaves");
        test.refuses(test.row0().inSync(B, C).led(C, 2).by(B), "only a primary makes another");
        test.applies(test.row0().led(B, 2).inSync(B, C).by(B));
        assertThat(test.row().isPrimary(B)).isTrue();
        assertThat(test.row().isLearner(A)).isTrue();
    }

    @Test
    void aLearnerNeverLeads() {
        test.applies(test.row0().inSync(A, B).by(A));
        ClusterCommand.ChangeRow wrong = test.row0().inSync(B, C).led(C, 2).by(C);
        test.refuses(wrong, "neither in-sync nor eligible");
    }

    @Test
    void aPrimaryHandsOverAndStaysInSync() {
        test.applies(test.row0().led(C, 2).by(A));
        assertThat(test.row().inSync()).containsExactly(A, B, C);
        test.refuses(
                test.row0().replicas(A, B, C, D).inSync(A, B, C, D).led(D, 3).by(C), "gets or loses a copy");
    }

    @Test
    void aPrimaryGoesOnAfterARestartUnderANewEpoch() {
        test.applies(test.row0().led(A, 2).by(A));
        assertThat(test.row().inSync()).containsExactly(A, B, C);
    }

    @Test
    void nobodyBecomesInSyncWithAChangeOfPrimary() {
        test.applies(test.row0().inSync(A, B).by(A));
        test.refuses(test.row0().inSync(A, B, C).led(B, 2).by(A, C), "nobody becomes in-sync");
    }

    @Test
    void theCeilingRisesByWholeSteps() {
        test.refuses(test.row0().ceiling(1).by(A), "idCeiling");
        test.applies(test.row0().ceiling(1L << 32).by(A));
        test.refuses(test.row0().ceiling(0).by(A), "idCeiling");
        test.refuses(test.row0().ceiling(3L << 32).by(A), "idCeiling");
        test.applies(test.row0().ceiling(2L << 32).inSync(A, B).by(A));
    }

    @Test
    void aRemovedMemberIsEligibleOnlyBelowMinInSync() {
        test = TableUnderTest.led(2, A, B, C);
        test.refuses(test.row0().inSync(A, B).eligible(C).by(A), "nobody is eligible");
        test.applies(test.row0().inSync(A, B).by(A));
        test.refuses(test.row0().inSync(A).eligible(B, C).by(A), "allowed=[disk-b]");
        test.applies(test.row0().inSync(A).eligible(B).by(A));
        test.refuses(test.row0().eligible(B).inSync(A, C).by(A, C), "nobody is eligible");
        test.applies(test.row0().eligible().inSync(A, C).by(A, C));
        assertThat(test.row().eligible()).isEmpty();
    }

    @Test
    void anEligibleMemberLeadsAndThoseInSyncBecomeEligible() {
        test = TableUnderTest.led(2, A, B);
        test.applies(test.row0().inSync(A).eligible(B).by(A));
        test.applies(test.row0().eligible().inSync(B).eligible(A).led(B, 5).by(B));
        assertThat(test.row().isPrimary(B)).isTrue();
        assertThat(test.row().eligible()).containsExactly(A);
    }

    @Test
    void aReplicaFencesOffAnEarlierProposal() {
        ClusterCommand earlier = test.row0().led(B, 2).inSync(B, C).by(B);
        test.applies(test.row0().by(B));
        test.conflicts(earlier, "version=3");
        test.applies(Nodes.join(D));
        test.refuses(test.row0().by(D), "only a replica");
    }

    @Test
    void thePrimaryDropsCopiesThatNobodyNeeds() {
        test = TableUnderTest.led(2, A, B, C);
        test.refuses(test.row0().inSync(A, B).replicas(B, A).by(A), "by placement only");
        test.applies(test.row0().inSync(A, B).replicas(A, B).by(A));
        assertThat(test.row().replicas()).containsExactly(A, B);
        test.refuses(test.row0().inSync(A).replicas(A).by(A), "commits need");
        test.applies(test.row0().inSync(A).eligible(B).by(A));
        test.refuses(test.row0().eligible().replicas(A).by(A), "next primary");
    }

    @Test
    void loweringMinInSyncEmptiesEligible() {
        test = TableUnderTest.led(2, A, B);
        test.applies(test.row0().inSync(A).eligible(B).by(A));
        ClusterCommand.ChangeRow before = test.row0().eligible(B).by(A);
        test.conflicts(new ClusterCommand.SetMinInSync(3, 1), "min-in-sync=2");
        test.applies(new ClusterCommand.SetMinInSync(2, 1));
        assertThat(test.row().eligible()).isEmpty();
        test.conflicts(before);
    }

    @Test
    void aRecoveryDeposesWhoeverLedAndIsRemembered() {
        test.applies(test.row0().inSync(A).by(A));
        NodeId survivor = C;
        RowVersion version = test.row().version();
        test.conflicts(new ClusterCommand.Recover(P0, new RowVersion(1), survivor, S1, "ops: lost A", 7));
        test.conflicts(new ClusterCommand.Recover(P0, version, survivor, new Session(2), "ops: lost A", 7));
        test.applies(new ClusterCommand.Recover(P0, version, survivor, S1, "ops: lost A", 7));
        assertThat(test.row().inSync()).containsExactly(C);
        assertThat(test.row().primary()).isEmpty();
        assertThat(test.row().epoch().value()).isEqualTo(2);
        assertThat(test.table.state().recoveries().get(P0))
                .isEqualTo(new Recovery(C, test.row().epoch(), "ops: lost A", 7));
        test.applies(test.row0().led(C, 3).by(C));
    }
}
