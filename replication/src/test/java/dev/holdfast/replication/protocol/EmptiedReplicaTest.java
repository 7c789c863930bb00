package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** I12: whose log was set aside has nothing, whatever the row says of it. */
class EmptiedReplicaTest {

    private static final Duration LONG = Duration.ofSeconds(4);

    @Test
    void aMemberWithoutItsLogWaitsForTheOtherAndLearnsFromIt() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        a.submit("x");
        cluster.run(Duration.ofMillis(300));
        cluster.nodes.forEach(TestNode::stop);
        a.startEmptied();
        cluster.refuseConnections(b);
        cluster.run(LONG);
        assertThat(a.said(Output.Propose.class)).as("with nothing").hasSize(1); // of its first life
        assertThat(cluster.table.row.epoch()).isEqualTo(new Epoch(1));
        b.start(false);
        cluster.run(LONG);
        assertThat(b.mayServe()).isTrue();
        assertThat(a.committedNames()).isEqualTo(b.committedNames()).contains("x");
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        assertThat(a.replica().hasLostPageCache()).isFalse();
        b.stop();
        cluster.run(LONG);
        assertThat(a.mayServe()).as("it has caught up").isTrue();
        assertThat(a.committedNames()).contains("x");
    }

    @Test
    void thePrimaryThatLosesItsLogIsFollowedByTheOther() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        a.submit("x");
        cluster.run(Duration.ofMillis(300));
        a.stop();
        a.startEmptied();
        cluster.run(LONG);
        assertThat(cluster.table.row.primary()).contains(b.id);
        assertThat(b.mayServe()).isTrue();
        assertThat(a.committedNames()).isEqualTo(b.committedNames()).contains("x");
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
    }

    @Test
    void theOnlyMemberLeadsNothingWithoutItsLogUntilAnOperatorSaysSo() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        b.stop();
        cluster.run(LONG);
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        int proposals = a.said(Output.Propose.class).size();
        a.stop();
        a.startEmptied();
        b.start(false);
        cluster.run(LONG);
        assertThat(a.said(Output.Propose.class)).hasSize(proposals);
        assertThat(b.mayServe()).as("it was not in sync").isFalse();
        cluster.table.depose(a.id);
        cluster.spreadRow();
        cluster.run(LONG);
        assertThat(a.said(Output.Propose.class)).as("nobody accepted a loss").hasSize(proposals);
    }

    @Test
    void whomAnOperatorLetsGoOnWithNothingSaysThatWorkMayBeLost() {
        TestCluster cluster = TestCluster.of("a", "b");
        TestNode a = cluster.node("a");
        a.emptied = true;
        cluster.table.depose(a.id);
        cluster.recovery = Optional.of(cluster.table.row.epoch());
        a.start(false);
        cluster.run(LONG);
        assertThat(a.mayServe()).isTrue();
        assertThat(a.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.DEPOSED, true));
        assertThat(a.replica().hasLostPageCache()).isFalse();
    }

    /** R13: that one can say nothing does not keep those from leading that have something. */
    @Test
    void amongSuspectsTheOneWithoutALogLeavesItToTheOthers() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        cluster.nodes.forEach(TestNode::stop);
        b.lossy = true;
        a.startEmptied();
        b.start(true);
        cluster.run(LONG);
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.ALL_SUSPECT, true));
        assertThat(a.committedNames()).containsExactly("epoch-1", "epoch-2");
    }

    /** Whoever lost its page cache leads with what is left, be it nothing: the other one never would. */
    @Test
    void amongSuspectsWithNothingTheOneWhoseLogWasNotSetAsideLeads() {
        TestCluster cluster = TestCluster.of("a", "b");
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        cluster.lost = envelope -> true;
        cluster.nodes.forEach(node -> node.start(false));
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.row.primary()).contains(a.id);
        cluster.nodes.forEach(node -> cluster.crash(node, true));
        cluster.lost = envelope -> false;
        assertThat(b.disk.end()).isEqualTo(LogEnd.EMPTY);
        a.startEmptied();
        b.start(true);
        cluster.run(LONG);
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.ALL_SUSPECT, true));
    }

    /** KIP-966: nothing was committed since it left, so that it has what the member lost. */
    @Test
    void anEligibleReplicaLeadsWhenTheLastMemberLostItsLog() {
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
        a.startEmptied();
        b.start(false);
        cluster.run(LONG);
        assertThat(b.mayServe()).isTrue();
        assertThat(a.committedNames()).isEqualTo(b.committedNames()).contains("x");
    }

    /** The row that has it in sync is newer than the one under which it learnt, and that is noted. */
    @Test
    void whoDiesBeforeItSeesThatItIsInSyncAgainLeadsWithWhatItHasLearnt() {
        TestCluster cluster = withOneThatHasLearntUnseen();
        TestNode b = cluster.node("b");
        b.stop();
        b.emptied = true;
        b.start(false);
        assertThat(b.replica().hasLostPageCache()).isFalse();
        cluster.run(LONG);
        assertThat(b.mayServe()).isTrue();
        assertThat(b.committedNames()).contains("x");
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.FAILOVER, false));
    }

    /** It learnt everything, and may have lost that since. */
    @Test
    void whoLosesItsPageCacheMeanwhileIsASuspectLikeAnyOther() {
        TestCluster cluster = withOneThatHasLearntUnseen();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        b.stop();
        b.emptied = true;
        b.lossy = true;
        b.start(true);
        cluster.run(LONG);
        assertThat(b.said(Output.Propose.class)).isEmpty();
        assertThat(b.sent(Message.SuspectEnd.class))
                .extracting(Message.SuspectEnd::end)
                .contains(b.disk.end());
        a.start(false);
        cluster.run(LONG);
        assertThat(a.mayServe()).isTrue();
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        assertThat(b.replica().hasLostPageCache()).isFalse();
    }

    /** What is noted is of the log that was set aside meanwhile. */
    @Test
    void whoIsEmptiedOnceMoreHasNothingAgain() {
        TestCluster cluster = withOneThatHasLearntUnseen();
        TestNode b = cluster.node("b");
        b.stop();
        b.startEmptied();
        cluster.run(LONG);
        assertThat(b.said(Output.Propose.class)).isEmpty();
        assertThat(b.replica().learnsSince()).isEmpty();
    }

    /** A row that is not newer has it in sync by what it had before. */
    @Test
    void whoLearnsAndIsNotInSyncByThatWaits() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        b.stop();
        b.startEmptied();
        cluster.lost = envelope -> envelope.message() instanceof Message.Append;
        cluster.run(LONG);
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        assertThat(b.replica().learnsSince()).contains(cluster.table.row.version());
        cluster.nodes.forEach(TestNode::stop);
        cluster.table.depose(a.id);
        b.start(false);
        cluster.run(LONG);
        assertThat(b.replica().learnsSince()).isPresent();
        assertThat(b.said(Output.Propose.class)).isEmpty();
    }

    /** The row that it won names a primary, as one does in which a log that had everything was set aside. */
    @Test
    void whoDiesBeforeItOpensTheEpochForWhichAnOperatorChoseItOpensTheNext() {
        TestCluster cluster = TestCluster.of("a", "b");
        TestNode a = cluster.node("a");
        a.emptied = true;
        cluster.table.depose(a.id);
        cluster.recovery = Optional.of(cluster.table.row.epoch());
        a.opensEpochs = false;
        cluster.table.mood = TestTable.Mood.WAITS;
        a.start(false);
        cluster.run(LONG);
        a.stop();
        cluster.decide();
        assertThat(cluster.table.row.primary()).contains(a.id);
        cluster.table.mood = TestTable.Mood.ANSWERS;
        a.emptied = true;
        a.opensEpochs = true;
        a.start(false);
        cluster.run(LONG);
        assertThat(a.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(3), TakeOver.RESTART, true));
        assertThat(a.mayServe()).isTrue();
        a.stop();
        int before = a.said(Output.Propose.class).size();
        a.startEmptied();
        cluster.run(LONG);
        assertThat(a.said(Output.Propose.class)).as("that was accepted once").hasSize(before);
    }

    /** b was emptied and has learnt everything, and the table has it in sync, which it does not see; a is down. */
    private static TestCluster withOneThatHasLearntUnseen() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        a.submit("x");
        cluster.run(Duration.ofMillis(300));
        b.stop();
        b.startEmptied();
        cluster.run(Duration.ofMillis(50));
        cluster.isolated = node -> node == b;
        cluster.run(LONG);
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        assertThat(b.replica().hasLostPageCache()).isTrue();
        assertThat(b.disk.end()).isEqualTo(a.disk.end());
        a.stop();
        cluster.isolated = node -> false;
        return cluster;
    }
}
