package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Epoch;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Planned moves run nothing twice. */
class HandOverConversationTest {

    private static final Duration DRAIN = Duration.ofNanos(TestCluster.TIMING.moveDrainNanos());

    private static Input.HandOver toB(TestCluster cluster, HandOverKind kind) {
        return new Input.HandOver(cluster.node("b").id, kind);
    }

    @Test
    void startsStopThenTheIntakeThenTheRowChangesWithoutAGrace() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        a.drains = false;
        a.step(toB(cluster, HandOverKind.BALANCE));
        assertThat(a.startsStopped).isTrue();
        assertThat(a.mayServe()).as("reads go on").isTrue();
        a.submit("x");
        cluster.settle();
        assertThat(a.committedNames()).as("submits go on").endsWith("x");
        cluster.table.mood = TestTable.Mood.WAITS;
        a.step(new Input.Drained());
        assertThat(a.mayServe()).isFalse();
        a.submit("y");
        assertThat(a.said(Output.RefuseRun.class))
                .last()
                .satisfies(refusal -> assertThat(refusal.why()).isEqualTo(Refusal.HANDING_OVER));
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.run(Duration.ofMillis(100));
        TestNode b = cluster.node("b");
        assertThat(b.mayServe()).isTrue();
        assertThat(b.said(Output.BecomePrimary.class))
                .containsExactly(new Output.BecomePrimary(new Epoch(2), TakeOver.HAND_OVER, false));
        assertThat(cluster.table.row.inSync()).as("the old primary stays").hasSize(3);
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.table.row.epoch()).isEqualTo(new Epoch(2));
    }

    @Test
    void whatIsInFlightIsCommittedBeforeTheRowChanges() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.lost = envelope -> envelope.message() instanceof Message.Ack;
        a.submit("x");
        cluster.settle();
        int proposals = a.said(Output.Propose.class).size();
        a.step(toB(cluster, HandOverKind.BALANCE));
        cluster.settle();
        assertThat(a.said(Output.Propose.class)).hasSize(proposals);
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(500));
        assertThat(cluster.node("b").mayServe()).isTrue();
        assertThat(cluster.node("b").committedNames()).containsExactly("epoch-1", "x", "epoch-2");
    }

    @Test
    void untilTheOutcomeIsKnownTheOldPrimaryServesNothing() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.table.mood = TestTable.Mood.FORGETS_THE_ANSWER;
        cluster.lost = envelope -> envelope.from() == cluster.node("b");
        a.step(toB(cluster, HandOverKind.CLOSE));
        cluster.settle();
        assertThat(cluster.table.row.primary()).contains(cluster.node("b").id);
        assertThat(a.replica().isPrimary()).isTrue();
        assertThat(a.mayServe()).isFalse();
        assertThat(a.startsStopped).isTrue();
        cluster.run(Duration.ofMillis(300));
        assertThat(a.mayServe()).isFalse();
    }

    @Test
    void aBalancingMoveThatDoesNotDrainIsCalledOffAndTriedAgainEachTimeLater() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.drains = false;
        a.step(toB(cluster, HandOverKind.BALANCE));
        cluster.run(DRAIN.plusMillis(100));
        assertThat(a.startsStopped).isFalse();
        cluster.run(DRAIN.plusMillis(100));
        assertThat(a.said(Output.StopStarts.class)).hasSize(2);
        cluster.run(DRAIN.plusMillis(100));
        assertThat(a.startsStopped).isFalse();
        cluster.run(DRAIN.plusMillis(100));
        assertThat(a.said(Output.StopStarts.class)).as("twice as long").hasSize(2);
        a.drains = true;
        cluster.run(DRAIN.plusMillis(500));
        assertThat(cluster.node("b").mayServe()).isTrue();
    }

    @Test
    void aClosingNodeWaitsAsLongAsItTakes() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.drains = false;
        a.step(toB(cluster, HandOverKind.CLOSE));
        cluster.run(DRAIN.multipliedBy(2));
        assertThat(a.startsStopped).isTrue();
        a.step(new Input.Drained());
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.node("b").mayServe()).isTrue();
    }

    @Test
    void aTargetThatLeavesCallsTheHandOverOff() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        a.drains = false;
        a.step(toB(cluster, HandOverKind.CLOSE));
        cluster.node("b").stop();
        cluster.run(Duration.ofSeconds(2));
        assertThat(a.startsStopped).isFalse();
        assertThat(a.mayServe()).isTrue();
        a.submit("x");
        cluster.settle();
        assertThat(a.committedNames()).endsWith("x");
    }

    @Test
    void aCancelledHandOverLeavesEverythingAsItWas() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.drains = false;
        a.step(toB(cluster, HandOverKind.BALANCE));
        a.step(new Input.HandOverCancelled());
        assertThat(a.startsStopped).isFalse();
        a.step(new Input.Drained());
        assertThat(a.mayServe()).isTrue();
    }

    /** The one that was looked at is gone: its successor has not seen that it is to lead. */
    @Test
    void aTargetThatWasRestartedMeanwhileIsNotGivenThePartition() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        cluster.table.mood = TestTable.Mood.WAITS;
        a.step(toB(cluster, HandOverKind.BALANCE));
        cluster.settle();
        assertThat(cluster.table.waiting).hasSize(1);
        cluster.node("b").stop();
        cluster.node("b").start(false);
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.row.primary()).contains(a.id);
        assertThat(a.mayServe()).isTrue();
        assertThat(a.startsStopped).isFalse();
    }
}
