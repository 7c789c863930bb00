package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.ProtocolViolation.Kind;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R1 to R3: what is committed, when it is seen, and under which epoch. */
class ReplicationConversationTest {

    private static final Duration SOON = Duration.ofMillis(300);

    /** R1: PacificA. A backup that gives up waiting has tasks that the next primary does not. */
    @Test
    void aRunIsCommittedWhenEveryMemberHasIt() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        cluster.lost =
                envelope -> envelope.to().equals(cluster.node("c").id) && envelope.message() instanceof Message.Append;
        a.submit("x");
        cluster.settle();
        assertThat(a.committedNames()).doesNotContain("x");
        cluster.lost = envelope -> false;
        cluster.run(SOON);
        cluster.nodes.forEach(node -> assertThat(node.committedNames()).endsWith("x"));
    }

    @Test
    void anAppendIsAcknowledgedWhenItIsInTheLogAndNotBefore() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.diskIsSlow = true;
        int before = b.said(Output.Acknowledge.class).size();
        cluster.node("a").submit("x");
        cluster.settle();
        assertThat(b.said(Output.Acknowledge.class)).hasSize(before);
        assertThat(cluster.node("a").committedNames()).doesNotContain("x");
        b.answer();
        assertThat(b.said(Output.Acknowledge.class)).hasSize(before + 1);
        cluster.settle();
        assertThat(cluster.node("a").committedNames()).endsWith("x");
    }

    @Test
    void underAlwaysAnAppendIsAcknowledgedWhenItIsForced() {
        TestCluster cluster = TestCluster.forcing("a", "b").started();
        TestNode b = cluster.node("b");
        b.diskIsSlow = true;
        cluster.node("a").submit("x");
        cluster.settle();
        b.answer();
        cluster.settle();
        assertThat(cluster.node("a").committedNames()).as("appended").doesNotContain("x");
        b.answer();
        cluster.settle();
        assertThat(cluster.node("a").committedNames()).as("forced").endsWith("x");
    }

    /** R1, and eligible replicas (KIP-966): below the minimum nothing is committed, and nothing is taken in. */
    @Test
    void withTooFewMembersNothingIsCommitted() {
        TestCluster cluster = TestCluster.of("a", "b");
        cluster.minInSync = 2;
        cluster.started();
        TestNode a = cluster.node("a");
        cluster.node("b").stop();
        RunId underway = a.submit("x");
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        assertThat(cluster.table.row.eligible()).containsExactly(cluster.node("b").id);
        assertThat(a.committedNames()).doesNotContain("x");
        RunId refused = a.submit("y");
        assertThat(refused).isNotEqualTo(underway);
        assertThat(a.said(Output.RefuseRun.class))
                .extracting(Output.RefuseRun::id, Output.RefuseRun::why)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(refused, Refusal.TOO_FEW_IN_SYNC));
        cluster.node("b").start(false);
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.table.row.eligible()).isEmpty();
        assertThat(a.committedNames()).endsWith("x");
    }

    @Test
    void aMinimumThatWasRaisedHoldsWithoutAChangeOfTheRow() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.node("b").stop();
        cluster.run(Duration.ofSeconds(2));
        a.submit("x");
        cluster.run(SOON);
        assertThat(a.committedNames()).endsWith("x");
        cluster.changeMinInSync(2);
        RunId refused = a.submit("y");
        assertThat(a.said(Output.RefuseRun.class)).containsExactly(refused(refused));
        cluster.node("b").start(false);
        cluster.run(Duration.ofSeconds(2));
        a.submit("z");
        cluster.run(SOON);
        assertThat(a.committedNames()).endsWith("x", "z");
    }

    private static Output.RefuseRun refused(RunId run) {
        return new Output.RefuseRun(
                run, Refusal.TOO_FEW_IN_SYNC, Optional.of(new Leader(new NodeId("a"), new Epoch(1))));
    }

    @Test
    void withALoweredMinimumWhatWaitedIsCommitted() {
        TestCluster cluster = TestCluster.of("a", "b");
        cluster.minInSync = 2;
        cluster.started();
        TestNode a = cluster.node("a");
        cluster.node("b").stop();
        a.submit("x");
        cluster.run(Duration.ofSeconds(2));
        assertThat(a.committedNames()).doesNotContain("x");
        // Another node's row with the terms of another time: b may lead without x.
        a.step(new Input.RowApplied(cluster.table.row, TableTerms.of(1)));
        cluster.run(SOON);
        assertThat(a.committedNames()).as("while b is eligible").doesNotContain("x");
        cluster.changeMinInSync(1);
        cluster.run(SOON);
        assertThat(a.committedNames()).endsWith("x");
    }

    /** R2: Hazelcast 3.8.3 showed results that a failover took back. */
    @Test
    void aBackupAppliesNothingThatIsNotCommitted() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode b = cluster.node("b");
        cluster.lost = envelope ->
                envelope.message() instanceof Message.Ack && envelope.from().equals(cluster.node("c"));
        cluster.node("a").submit("x");
        cluster.settle();
        assertThat(b.disk.names()).endsWith("x");
        assertThat(b.committedNames()).doesNotContain("x");
    }

    @Test
    void anIdleBackupLearnsWhatIsCommitted() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        cluster.node("a").submit("x");
        cluster.run(SOON);
        assertThat(cluster.node("b").committedNames()).endsWith("x");
        int told = cluster.node("a").sent(Message.Committed.class).size();
        cluster.run(SOON);
        assertThat(cluster.node("a").sent(Message.Committed.class))
                .as("told once")
                .hasSize(told);
    }

    /** KIP-320, KIP-380: a primary that does not know that it was replaced. */
    @Test
    void aLowerEpochIsRefusedAndEndsTheOldPrimary() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        cluster.isolated = node -> node == a;
        cluster.lost = envelope -> envelope.from() == a || envelope.to().equals(a.id);
        cluster.run(Duration.ofSeconds(3));
        assertThat(cluster.node("b").mayServe()).isTrue();
        assertThat(a.mayServe()).isFalse();
        a.submit("x");
        cluster.lost = envelope -> false;
        cluster.run(SOON);
        assertThat(cluster.node("b").sent(Message.Refused.class)).isNotEmpty();
        assertThat(a.replica().isPrimary()).isFalse();
        assertThat(a.said(Output.StepDown.class)).hasSize(1);
        cluster.isolated = node -> false;
        cluster.spreadRow();
        cluster.run(Duration.ofSeconds(1));
        cluster.nodes.forEach(node -> assertThat(node.disk.names()).doesNotContain("x"));
        assertThat(cluster.table.row.inSync()).hasSize(3);
    }

    /** R3: the highest epoch is on the disk before anything is acknowledged under it. */
    @Test
    void anEpochIsPersistedBeforeAnythingIsAcknowledgedInIt() {
        TestCluster cluster = TestCluster.of("a", "b");
        TestNode b = cluster.node("b");
        b.diskIsSlow = true;
        cluster.nodes.forEach(node -> node.start(false));
        cluster.run(SOON);
        assertThat(b.replica().epoch()).isEqualTo(new Epoch(1));
        assertThat(b.said(Output.PersistEpoch.class)).hasSize(1);
        assertThat(b.sent(Message.BeaconAck.class)).isEmpty();
        assertThat(b.sent(Message.Follow.class)).isEmpty();
        b.answer();
        cluster.run(SOON);
        assertThat(b.sent(Message.BeaconAck.class)).isNotEmpty();
    }

    @Test
    void lostAndRepeatedAndLateRunsAreAppendedOnceAndInOrder() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.submit("x");
        a.submit("y");
        a.submit("z");
        while (a.answer()) {}
        TestCluster.Envelope x = cluster.queue.remove(0);
        TestCluster.Envelope y = cluster.queue.remove(0);
        cluster.deliver(y);
        cluster.deliver(x);
        cluster.deliver(x);
        cluster.run(SOON);
        cluster.deliver(y);
        cluster.run(SOON);
        assertThat(cluster.node("b").committedNames()).containsExactly("epoch-1", "x", "y", "z");
        assertThat(a.committedNames()).containsExactly("epoch-1", "x", "y", "z");
    }

    @Test
    void whatIsInFlightIsBounded() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.lost = envelope -> envelope.message() instanceof Message.Ack;
        for (int i = 0; i < 20; i++) {
            a.submit("t" + i);
            cluster.settle();
        }
        assertThat(a.said(Output.RefuseRun.class)).hasSize(20 - TestCluster.LIMITS.windowRuns());
        assertThat(a.said(Output.RefuseRun.class))
                .allSatisfy(refusal -> assertThat(refusal.why()).isEqualTo(Refusal.WINDOW_FULL));
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(400));
        assertThat(a.committedNames()).hasSize(1 + TestCluster.LIMITS.windowRuns());
    }

    @Test
    void aFullLogRefusesTheRunAndGoesOn() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.diskIsFull = true;
        RunId refused = a.submit("x");
        cluster.settle();
        assertThat(a.said(Output.RefuseRun.class))
                .extracting(Output.RefuseRun::id)
                .containsExactly(refused);
        a.diskIsFull = false;
        a.submit("y");
        cluster.settle();
        assertThat(a.committedNames()).containsExactly("epoch-1", "y");
    }

    @Test
    void aFullBackupAsksAgainUntilItHasRoom() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.diskIsFull = true;
        cluster.node("a").submit("x");
        cluster.node("a").submit("y");
        cluster.settle();
        b.diskIsFull = false;
        cluster.run(SOON);
        assertThat(b.committedNames()).containsExactly("epoch-1", "x", "y");
    }

    @Test
    void aBackupThatIsToldToAppendSendsTheClientToThePrimary() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.submit("x");
        assertThat(b.said(Output.RefuseRun.class)).singleElement().satisfies(refusal -> {
            assertThat(refusal.why()).isEqualTo(Refusal.NOT_PRIMARY);
            assertThat(refusal.leader()).contains(new Leader(cluster.node("a").id, new Epoch(1)));
        });
    }

    /** I8, I13. */
    @Test
    void twoPrimariesInOneEpochAreReported() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode c = cluster.node("c");
        cluster.node("b")
                .step(new Input.Received(c.id, c.session, new Message.Beacon(new Epoch(1), new BeaconStamp(1))));
        assertThat(cluster.node("b").said(Output.ReportViolation.class))
                .extracting(each -> each.violation().kind())
                .containsExactly(Kind.TWO_PRIMARIES);
    }

    /** I11, I13: the running hash of both logs is compared at every run. */
    @Test
    void aLogThatDiffersFromThePrimarysIsQuarantined() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.stop();
        b.disk.flip(new Lsn(1));
        b.lossy = true;
        b.start(false);
        cluster.run(Duration.ofSeconds(2));
        assertThat(b.replica().quarantine()).map(ProtocolViolation::kind).contains(Kind.HISTORIES_DIFFER);
        assertThat(cluster.table.row.inSync()).containsExactly(cluster.node("a").id);
    }
}
