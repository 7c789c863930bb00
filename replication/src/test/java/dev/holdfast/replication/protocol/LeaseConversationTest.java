package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** R4, R5: who serves, and until when. */
class LeaseConversationTest {

    private static final long LEASE_NANOS = TestCluster.TIMING.leaseNanos();

    private static boolean isBeacon(TestCluster.Envelope envelope) {
        return envelope.message() instanceof Message.Beacon || envelope.message() instanceof Message.BeaconAck;
    }

    @Test
    void thePrimaryServesUntilALeaseAfterTheSendingOfTheLastAnsweredBeacon() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        long sentAtNanos = a.sent(Message.Beacon.class)
                .get(a.sent(Message.Beacon.class).size() - 1)
                .stamp()
                .sentAtNanos();
        assertThat(a.term).isEqualTo(LeaseTerm.until(sentAtNanos + LEASE_NANOS));
        cluster.pass(Duration.ofNanos(sentAtNanos + LEASE_NANOS - cluster.nowNanos() - 1));
        assertThat(a.mayServe()).isTrue();
        assertThat(a.replica().mayServe(cluster.nowNanos())).isTrue();
        cluster.pass(Duration.ofNanos(1));
        assertThat(a.mayServe()).isFalse();
        assertThat(a.replica().mayServe(cluster.nowNanos())).isFalse();
    }

    /** R4: two primaries that serve. The harness checks at each instant that there is one at most. */
    @Test
    void aPausedPrimaryServesNothingWhenItGoesOn() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        cluster.lost = envelope -> envelope.from() == a || envelope.to().equals(a.id);
        cluster.isolated = node -> node == a;
        cluster.run(Duration.ofMillis(1_400));
        assertThat(cluster.node("b").replica().isPrimary())
                .as("before the grace is over")
                .isFalse();
        cluster.run(Duration.ofMillis(600));
        assertThat(cluster.node("b").mayServe()).isTrue();
        assertThat(a.replica().isPrimary()).isTrue();
        assertThat(a.mayServe()).isFalse();
    }

    @Test
    void aRefusedConnectionEndsTheGraceAtOnce() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        cluster.node("a").stop();
        cluster.refuseConnections(cluster.node("a"));
        cluster.settle();
        assertThat(cluster.node("b").mayServe()).isTrue();
    }

    /** c lets b go first; what it hears meanwhile was sent before the process ended. */
    @Test
    void whatWasOnTheWayWhenThePrimarysProcessEndedIsNoSignOfLife() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        TestNode c = cluster.node("c");
        Message late =
                a.sent(Message.Beacon.class).get(a.sent(Message.Beacon.class).size() - 1);
        a.stop();
        cluster.node("b").stop();
        c.step(new Input.PeerGone(a.id, a.session));
        c.step(new Input.Received(a.id, a.session, late));
        cluster.run(Duration.ofNanos(TestCluster.TIMING.beaconNanos()));
        assertThat(c.replica().isPrimary()).isTrue();
    }

    /** Something that stands in between refused; c could not propose itself for its disk. */
    @Test
    void whoIsStillHeardIsNotGone() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        TestNode c = cluster.node("c");
        cluster.isolated = node -> node == a; // or it would take c, which appends nothing, out of the row
        c.diskIsSlow = true;
        a.submit("x");
        cluster.settle();
        c.step(new Input.PeerGone(a.id, a.session));
        int answered = c.sent(Message.BeaconAck.class).size();
        cluster.run(Duration.ofMillis(250));
        assertThat(c.sent(Message.BeaconAck.class))
                .as("as long as c may propose itself at once")
                .hasSize(answered);
        cluster.run(Duration.ofMillis(200));
        assertThat(c.sent(Message.BeaconAck.class)).hasSizeGreaterThan(answered);
        assertThat(a.mayServe()).isTrue();
        c.diskIsSlow = false;
        cluster.run(Duration.ofNanos(TestCluster.TIMING.graceNanos()));
        assertThat(c.said(Output.Propose.class)).isEmpty();
        assertThat(a.mayServe()).isTrue();
    }

    /** R13: an eligible replica waits a grace; who was heard in it is there. */
    @Test
    void anEligibleReplicaDoesNotReplaceALeaderThatItHears() {
        TestCluster cluster = TestCluster.of("a", "b");
        cluster.minInSync = 2;
        cluster.started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        b.stop();
        cluster.run(Duration.ofNanos(2 * TestCluster.TIMING.graceNanos()));
        assertThat(cluster.table.row.eligible()).containsExactly(b.id);
        b.start(false);
        b.step(new Input.PeerGone(a.id, a.session));
        cluster.run(Duration.ofNanos(2 * TestCluster.TIMING.graceNanos()));
        assertThat(b.said(Output.Propose.class)).isEmpty();
        assertThat(cluster.table.row.inSync()).contains(a.id, b.id);
        assertThat(a.mayServe()).isTrue();
    }

    @Test
    void aNewerProcessOfThePrimarysNodeEndsTheGraceAtOnce() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.stop();
        Session next = new Session(a.session.value() + 1);
        TestNode b = cluster.node("b");
        b.step(new Input.Received(a.id, next, new Message.Refused(b.replica().epoch())));
        cluster.run(Duration.ofMillis(50));
        assertThat(b.replica().isPrimary()).isTrue();
    }

    @Test
    void aRefusedConnectionOfAnEarlierProcessShowsNothing() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.step(new Input.PeerGone(cluster.node("a").id, new Session(0)));
        cluster.run(Duration.ofMillis(100));
        assertThat(cluster.node("a").mayServe()).isTrue();
        assertThat(b.said(Output.Propose.class)).isEmpty();
    }

    @Test
    void aRestartedBackupWaitsAFullGrace() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        cluster.crash(cluster.node("b"), false);
        cluster.lost = envelope -> envelope.from() == cluster.node("a");
        cluster.table.mood = TestTable.Mood.WAITS;
        cluster.node("b").start(false);
        cluster.node("c").stop();
        cluster.run(Duration.ofMillis(1_400));
        assertThat(cluster.node("b").said(Output.Propose.class)).isEmpty();
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.node("b").said(Output.Propose.class)).isNotEmpty();
    }

    /** R4: who has proposed itself may be primary already, so that it must not prolong another's lease. */
    @Test
    void whoProposesItselfAnswersNoBeacons() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode b = cluster.node("b");
        cluster.lost = envelope -> envelope.from() == cluster.node("a");
        cluster.table.mood = TestTable.Mood.WAITS;
        cluster.run(Duration.ofMillis(1_800));
        assertThat(cluster.table.waiting).anyMatch(asked -> asked.by() == b);
        int answered = b.sent(Message.BeaconAck.class).size();
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(300));
        assertThat(b.sent(Message.BeaconAck.class)).hasSize(answered);
        assertThat(cluster.node("a").mayServe()).isFalse();
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.run(Duration.ofMillis(500));
        assertThat(cluster.nodes.stream().filter(TestNode::mayServe)).hasSize(1);
    }

    /** R5: a virtual machine that was suspended counts no time. */
    @Test
    void aJumpOfTheClockGivesTheLeaseUpUntilALaterBeaconIsAnswered() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.lost = LeaseConversationTest::isBeacon;
        a.step(new Input.ClockJumped());
        assertThat(a.mayServe()).isFalse();
        a.step(new Input.Received(
                cluster.node("b").id,
                cluster.node("b").session,
                new Message.BeaconAck(a.replica().epoch(), new BeaconStamp(cluster.nowNanos() - 1))));
        assertThat(a.mayServe()).isFalse();
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(150));
        assertThat(a.mayServe()).isTrue();
    }

    @Test
    void theOnlyMemberNeedsNoLease() {
        TestCluster cluster = TestCluster.of("a").started();
        assertThat(cluster.node("a").term).isEqualTo(LeaseTerm.UNLIMITED);
    }

    /** A primary whose disk hangs must not stay one for ever; an idle one is healthy. */
    @Test
    void aWriterThatStandsStillSendsNoBeacons() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.run(Duration.ofSeconds(5));
        assertThat(a.mayServe()).as("idle").isTrue();
        a.diskIsSlow = true;
        a.submit("x");
        cluster.run(Duration.ofMillis(600));
        int beacons = a.sent(Message.Beacon.class).size();
        cluster.run(Duration.ofMillis(300));
        assertThat(a.sent(Message.Beacon.class)).hasSize(beacons);
        cluster.run(Duration.ofSeconds(3));
        assertThat(cluster.node("b").mayServe()).isTrue();
        assertThat(a.mayServe()).isFalse();
    }
}
