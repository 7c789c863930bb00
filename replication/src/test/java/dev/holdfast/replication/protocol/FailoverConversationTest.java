package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.ProtocolViolation.Kind;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R8, R9, R11, R13: another primary, logs made equal, restarts. */
class FailoverConversationTest {

    private static final Duration LONG = Duration.ofSeconds(3);

    private static void cutOff(TestCluster cluster, TestNode... nodes) {
        Set<TestNode> cut = Set.of(nodes);
        cluster.isolated = cut::contains;
        cluster.lost = envelope ->
                cut.contains(envelope.from()) || cut.stream().anyMatch(node -> node.id.equals(envelope.to()));
    }

    private static void heal(TestCluster cluster) {
        cluster.isolated = node -> false;
        cluster.lost = envelope -> false;
        cluster.spreadRow();
        cluster.run(LONG);
    }

    @Test
    void aBackupTakesOverWithItsWholeLogInOneChangeOfTheRow() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        cluster.lost = envelope -> envelope.message() instanceof Message.Ack;
        a.submit("x");
        cluster.settle();
        assertThat(a.committedNames()).doesNotContain("x");
        a.stop();
        cluster.lost = envelope -> false;
        int rows = cluster.table.rows.size();
        cluster.run(LONG);
        TestNode b = cluster.node("b");
        assertThat(cluster.table.rows).hasSize(rows + 1);
        assertThat(cluster.table.row.primary()).contains(b.id);
        assertThat(cluster.table.row.epoch()).isEqualTo(new Epoch(2));
        assertThat(cluster.table.row.inSync()).containsExactly(b.id, cluster.node("c").id);
        assertThat(b.committedNames()).containsExactly("epoch-1", "x", "epoch-2");
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.FAILOVER, false));
    }

    /** Simulator, seed 10010240: it took it for a hand-over, after which nothing is run again. */
    @Test
    void whoseRowIsChangedAgainBeforeItSeesItKnowsThatItTookOver() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode b = cluster.node("b");
        cluster.table.mood = TestTable.Mood.WAITS;
        cluster.node("a").stop();
        cluster.run(LONG);
        TestTable.Asked asked = cluster.table.waiting.stream()
                .filter(each -> each.by() == b)
                .findFirst()
                .orElseThrow();
        cluster.table.waiting.clear();
        assertThat(cluster.table.compareAndSet(asked.proposal())).isTrue();
        cluster.table.replicas(List.of(cluster.node("a").id, b.id, cluster.node("c").id, new NodeId("d")));
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.spreadRow();
        cluster.run(LONG);
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.FAILOVER, false));
        assertThat(b.mayServe()).isTrue();
    }

    @Test
    void theNewPrimaryServesOnceItsEpochIsCommitted() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        cluster.node("a").stop();
        cluster.node("c").diskIsSlow = true;
        cluster.refuseConnections(cluster.node("a"));
        cluster.run(Duration.ofMillis(200));
        TestNode b = cluster.node("b");
        assertThat(b.replica().isPrimary()).isTrue();
        assertThat(b.mayServe()).isFalse();
        b.submit("x");
        assertThat(b.said(Output.RefuseRun.class).get(0).why()).isEqualTo(Refusal.STARTING);
        cluster.node("c").diskIsSlow = false;
        cluster.run(Duration.ofMillis(300));
        assertThat(b.mayServe()).isTrue();
        assertThat(b.said(Output.StartServing.class)).containsExactly(new Output.StartServing(new Epoch(2)));
    }

    /** KIP-101: a high-water mark that came late made a replica cut off what was committed. */
    @Test
    void aFollowerThatDoesNotKnowWhatIsCommittedKeepsIt() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        cluster.lost = envelope -> envelope.message() instanceof Message.Committed;
        a.submit("x");
        cluster.settle();
        assertThat(a.committedNames()).endsWith("x");
        assertThat(b.committedNames()).doesNotContain("x");
        b.stop();
        b.start(false);
        cluster.settle();
        a.stop();
        cluster.lost = envelope -> false;
        cluster.run(LONG);
        assertThat(b.said(Output.Truncate.class)).isEmpty();
        assertThat(b.committedNames()).containsExactly("epoch-1", "x", "epoch-2");
    }

    /** KIP-279: after two failovers an exchange of one epoch is not enough to find what two logs have in common. */
    @Test
    void logsThatDivergedOverTwoFailoversAreMadeEqual() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        TestNode c = cluster.node("c");
        cutOff(cluster, a);
        a.submit("only a has it");
        cluster.run(LONG);
        assertThat(cluster.table.row.primary()).contains(b.id);
        cutOff(cluster, a, b);
        b.submit("only b has it");
        cluster.run(LONG);
        assertThat(cluster.table.row.primary()).contains(c.id);
        heal(cluster);
        assertThat(a.said(Output.Truncate.class)).hasSize(1);
        assertThat(b.said(Output.Truncate.class)).hasSize(1);
        assertThat(c.committedNames()).containsExactly("epoch-1", "epoch-2", "epoch-3");
        cluster.nodes.forEach(node -> assertThat(node.committedNames()).isEqualTo(c.committedNames()));
        assertThat(cluster.table.row.inSync()).hasSize(3);
    }

    @Test
    void aTruncationBelowWhatIsKnownToBeCommittedIsQuarantined() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        cluster.node("a").submit("x");
        cluster.run(Duration.ofMillis(300));
        assertThat(b.replica().committed()).isEqualTo(new Lsn(2));
        Epoch next = new Epoch(2);
        TestNode a = cluster.node("a");
        b.step(new Input.Received(a.id, a.session, new Message.Beacon(next, new BeaconStamp(1))));
        b.answer();
        b.step(new Input.Received(a.id, a.session, new Message.TruncateTo(next, b.disk.end(), new Lsn(1))));
        assertThat(b.replica().quarantine()).map(ProtocolViolation::kind).contains(Kind.TRUNCATION_BELOW_COMMIT);
        assertThat(b.said(Output.Truncate.class)).isEmpty();
        int said = b.said.size();
        b.step(new Input.Tick());
        assertThat(b.said).hasSize(said);
    }

    /** R8: no process continues what another one led, not even its own node's. */
    @Test
    void aRestartedPrimaryProposesItselfAtANewEpochAndStaysInSync() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.submit("x");
        cluster.run(Duration.ofMillis(300));
        cluster.crash(a, false);
        a.start(false);
        assertThat(a.replica().isPrimary()).isFalse();
        cluster.run(Duration.ofMillis(300));
        assertThat(a.mayServe()).isTrue();
        assertThat(cluster.table.row.epoch()).isEqualTo(new Epoch(2));
        assertThat(cluster.table.row.inSync()).hasSize(2);
        assertThat(a.said(Output.BecomePrimary.class))
                .last()
                .isEqualTo(new Output.BecomePrimary(new Epoch(2), TakeOver.RESTART, false));
    }

    /** R11, KIP-966: a machine that lost power has a hole in what it acknowledged, and the others must not get it. */
    @Test
    void aMemberThatLostItsPageCacheIsNoCandidateUntilItHasCaughtUp() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode b = cluster.node("b");
        cluster.node("a").submit("x");
        cluster.run(Duration.ofMillis(300));
        cluster.crash(b, true);
        assertThat(b.disk.names()).doesNotContain("x");
        cluster.node("a").stop();
        b.start(true);
        cluster.run(Duration.ofMillis(1_800));
        assertThat(b.said(Output.Propose.class)).isEmpty();
        TestNode c = cluster.node("c");
        assertThat(cluster.table.row.primary()).contains(c.id);
        cluster.run(LONG);
        assertThat(c.mayServe()).isTrue();
        assertThat(b.committedNames()).isEqualTo(c.committedNames()).contains("x");
        assertThat(cluster.table.row.inSync()).containsExactly(b.id, c.id);
        c.stop();
        cluster.run(LONG);
        assertThat(b.mayServe()).as("it has caught up").isTrue();
    }

    /** R13: all lost power. */
    @Test
    void whenAllAreSuspectTheOneWithTheMostLeadsAndSaysThatWorkMayBeLost() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        TestNode c = cluster.node("c");
        cluster.nodes.forEach(TestNode::stop);
        a.disk.losePageCache();
        a.lossy = true;
        b.lossy = true;
        c.lossy = true;
        a.start(true);
        c.start(true);
        cluster.run(LONG);
        assertThat(cluster.table.row.epoch()).as("not without all").isEqualTo(new Epoch(1));
        b.start(true);
        cluster.run(LONG);
        assertThat(cluster.table.row.primary()).contains(b.id);
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.ALL_SUSPECT, true));
        cluster.run(LONG);
        assertThat(cluster.table.row.inSync()).hasSize(3);
        cluster.nodes.forEach(node -> assertThat(node.committedNames()).containsExactly("epoch-1", "epoch-2"));
    }

    /** R13: until it is in the log that work may be lost, whoever goes on has to say it; for the ids of what is lost are given out else. */
    @Test
    void aPossibleLossThatDidNotGetIntoTheLogIsSaidAgain() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        cluster.nodes.forEach(TestNode::stop);
        a.lossy = true;
        b.lossy = true;
        a.opensEpochs = false;
        a.start(true);
        b.start(true);
        cluster.run(LONG);
        assertThat(a.said(Output.BecomePrimary.class))
                .last()
                .isEqualTo(new Output.BecomePrimary(new Epoch(2), TakeOver.ALL_SUSPECT, true));
        assertThat(a.replica().hasLostPageCache()).as("to be noted still").isTrue();
        a.stop();
        a.opensEpochs = true;
        a.start(true);
        cluster.run(LONG);
        assertThat(a.mayServe()).isTrue();
        assertThat(a.said(Output.BecomePrimary.class))
                .last()
                .isEqualTo(new Output.BecomePrimary(new Epoch(3), TakeOver.RESTART, true));
        assertThat(a.replica().hasLostPageCache()).isFalse();
    }

    /** R13: who was out of sync when everything stopped may miss what was committed since. */
    @Test
    void whoWasNotInSyncDoesNotLead() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.stop();
        cluster.node("a").submit("x");
        cluster.run(LONG);
        assertThat(cluster.node("a").committedNames()).endsWith("x");
        cluster.node("a").stop();
        b.start(false);
        cluster.run(LONG);
        assertThat(b.said(Output.Propose.class)).isEmpty();
        cluster.node("a").start(false);
        cluster.run(LONG);
        assertThat(b.committedNames()).contains("x");
    }

    /** KIP-966: nothing was committed since it left, so that it has everything; but members go first. */
    @Test
    void anEligibleReplicaLeadsWhenTheLastMembersAreGone() {
        TestCluster cluster = TestCluster.of("a", "b");
        cluster.minInSync = 2;
        cluster.started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        a.submit("x");
        cluster.run(Duration.ofMillis(300));
        b.stop();
        cluster.run(LONG);
        assertThat(cluster.table.row.eligible()).containsExactly(b.id);
        a.stop();
        b.start(false);
        cluster.run(LONG);
        assertThat(b.said(Output.Propose.class)).as("a may be alive, and serve").isEmpty();
        cluster.refuseConnections(a);
        cluster.run(Duration.ofMillis(1_400));
        assertThat(b.said(Output.Propose.class)).as("a may come back").isEmpty();
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.row.primary()).contains(b.id);
        a.start(false);
        cluster.run(LONG);
        assertThat(b.mayServe()).isTrue();
        assertThat(b.committedNames()).contains("x");
    }

    /** R13: sessions are counted by each node for itself. */
    @Test
    void anEligibleReplicaLeadsWhenTheLastMembersAreGoneHoweverOftenTheyWereStarted() {
        TestCluster cluster = TestCluster.of("a", "b", "c");
        cluster.minInSync = 3;
        cluster.started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        for (int i = 0; i < 3; i++) {
            a.stop();
            a.start(false);
        }
        cluster.run(LONG);
        assertThat(cluster.table.row.inSync()).hasSize(3);
        b.stop();
        cluster.run(LONG);
        assertThat(cluster.table.row.eligible()).containsExactly(b.id);
        b.start(false);
        cluster.lost = envelope -> envelope.from() != b && !(envelope.message() instanceof Message.Beacon);
        cluster.run(Duration.ofMillis(300));
        List<TestNode> members = List.of(a, cluster.node("c"));
        assertThat(a.session).isGreaterThan(cluster.node("c").session);
        members.forEach(TestNode::stop);
        members.forEach(cluster::refuseConnections);
        cluster.lost = envelope -> false;
        cluster.run(LONG);
        assertThat(cluster.table.row.primary()).contains(b.id);
    }

    /** R4: that an operator takes a partition away from its primary does not end the lease. */
    @Test
    void whoIsToGoOnAfterALossWaitsForTheOldLease() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        cutOff(cluster, a);
        cluster.table.depose(b.id);
        cluster.recovery = Optional.of(cluster.table.row.epoch());
        cluster.spreadRow();
        cluster.settle();
        assertThat(a.mayServe()).isTrue();
        assertThat(b.replica().isPrimary()).isFalse();
        cluster.run(LONG);
        assertThat(b.mayServe()).isTrue();
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(3), TakeOver.DEPOSED, true));
        b.stop();
        b.start(false);
        cluster.run(LONG);
        assertThat(b.said(Output.BecomePrimary.class))
                .last()
                .isEqualTo(new Output.BecomePrimary(new Epoch(4), TakeOver.RESTART, false));
    }

    /** R12: it has forced nothing for that, since it was not its own proposal. */
    @Test
    void whomTheTableLeftAloneAndWhoThenLostPowerSaysThatWorkMayBeLost() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.disk.force();
        cluster.node("b").stop();
        cluster.crash(a, true);
        cluster.table.depose(a.id);
        a.start(true);
        cluster.run(LONG);
        assertThat(a.said(Output.BecomePrimary.class))
                .last()
                .isEqualTo(new Output.BecomePrimary(new Epoch(3), TakeOver.DEPOSED, true));
        cluster.crash(a, true);
        a.start(true);
        cluster.run(LONG);
        assertThat(a.said(Output.BecomePrimary.class))
                .last()
                .as("now it had forced everything")
                .isEqualTo(new Output.BecomePrimary(new Epoch(4), TakeOver.RESTART, false));
    }

    @Test
    void whomTheTableLeavesAloneForcesItsLogWhenItSeesThat() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        cluster.node("a").stop();
        cluster.table.depose(b.id);
        b.diskIsSlow = true;
        cluster.spreadRow();
        assertThat(b.said(Output.Force.class)).hasSize(1);
        assertThat(b.said(Output.Propose.class)).isEmpty();
    }

    /** An embedded node has a log, and a row that nobody ever led. */
    @Test
    void anEmbeddedOriginLeadsAtAnEpochAboveItsLogs() {
        TestCluster cluster = TestCluster.of("a");
        TestNode a = cluster.node("a");
        a.disk.append(new Epoch(7), TestRecords.of("x", "y"));
        a.start(false);
        cluster.run(Duration.ofMillis(200));
        assertThat(cluster.table.row.epoch()).isEqualTo(new Epoch(8));
        assertThat(a.committedNames()).containsExactly("x", "y", "epoch-8");
    }
}
