package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** R6, R7, R12, R14: who counts. */
class MembershipConversationTest {

    /** a leads alone, b wants to learn and is not heard. */
    private static TestCluster withAMuteLearner() {
        TestCluster cluster = TestCluster.of(false, List.of("a", "b"), List.of("a"));
        cluster.nodes.forEach(node -> node.start(false));
        cluster.lost = envelope -> envelope.from() == cluster.node("b");
        cluster.run(Duration.ofMillis(300));
        return cluster;
    }

    /** R6, KIP-497: until the control plane has confirmed that it is out, a slow member can be elected. */
    @Test
    void aSilentMemberIsWaitedForUntilItsRemovalIsConfirmed() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode a = cluster.node("a");
        cluster.table.mood = TestTable.Mood.WAITS;
        cluster.node("c").stop();
        a.submit("x");
        cluster.run(Duration.ofMillis(900));
        assertThat(cluster.table.waiting).hasSize(1);
        assertThat(a.committedNames()).doesNotContain("x");
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.settle();
        assertThat(a.committedNames()).endsWith("x");
        assertThat(cluster.table.row.inSync()).doesNotContain(cluster.node("c").id);
    }

    /** R7, KIP-497: nobody knows whether the candidate can be elected already, so that it has to have everything. */
    @Test
    void aCandidateCountsFromBeforeItIsProposedUntilTheOutcomeIsKnown() {
        TestCluster cluster = withAMuteLearner();
        TestNode a = cluster.node("a");
        assertThat(a.term).isEqualTo(LeaseTerm.UNLIMITED);
        cluster.lost = envelope -> false;
        cluster.table.mood = TestTable.Mood.FORGETS_THE_ANSWER;
        for (int i = 0; i < 20 && cluster.table.row.inSync().size() == 1; i++) {
            cluster.run(Duration.ofMillis(50));
        }
        assertThat(cluster.table.row.inSync()).as("applied").hasSize(2);
        assertThat(a.replica().row().orElseThrow().inSync()).as("not known").hasSize(1);
        cluster.lost = envelope -> envelope.to().equals(cluster.node("b").id);
        a.submit("x");
        cluster.run(Duration.ofMillis(300));
        assertThat(a.committedNames()).doesNotContain("x");
        assertThat(a.term.kind()).as("the lease is the candidate's as well").isEqualTo(LeaseTerm.Kind.UNTIL);
        cluster.lost = envelope -> false;
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.run(Duration.ofMillis(500));
        assertThat(a.committedNames()).endsWith("x");
        assertThat(a.replica().row().orElseThrow().inSync()).hasSize(2);
    }

    /** Whenever it has acknowledged something, more is committed already: alone, the primary would be so as long as there is work. */
    @Test
    void aLearnerThatKeepsUpComesInWhileTheLogGrowsWithoutAPause() {
        TestCluster cluster = withAMuteLearner();
        String last = submitUntil(cluster, () -> cluster.table.row.inSync().size() == 2);
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.node("a").committedNames()).endsWith(last);
    }

    @Test
    void aLearnerThatIsWaitedForAndStopsAnsweringIsSoonWaitedForNoMore() {
        TestCluster cluster = withAMuteLearner();
        TestNode a = cluster.node("a");
        String last = submitUntil(cluster, () -> !isAllCommitted(a));
        assertThat(a.committedNames()).as("the learner is waited for").doesNotContain(last);
        cluster.lost = envelope -> envelope.from() == cluster.node("b");
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        assertThat(a.committedNames()).endsWith(last);
    }

    /** Its acknowledgements take longer than a beacon: who waited for it would wait for each. */
    @Test
    void aLearnerThatDoesNotKeepUpIsNotWaitedFor() {
        TestCluster cluster = withAMuteLearner();
        TestNode a = cluster.node("a");
        String end = submitWithLateAcknowledgements(cluster, 15, 60, () -> {
            assertThat(isAllCommitted(a)).isTrue();
            assertThat(cluster.table.row.inSync()).containsExactly(a.id);
            return false;
        });
        assertThat(end).isEmpty();
    }

    @Test
    void aLearnerThatWasWaitedForInVainIsNotWaitedForAgainForALease() {
        TestCluster cluster = withAMuteLearner();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        String waited = submitUntil(cluster, () -> !isAllCommitted(a));
        cluster.lost = envelope -> envelope.from() == b && envelope.message() instanceof Message.Ack;
        cluster.run(Duration.ofMillis(200));
        assertThat(a.committedNames()).as("given up").endsWith(waited);
        long untilNanos = cluster.nowNanos()
                + TestCluster.TIMING.leaseNanos()
                - Duration.ofMillis(100).toNanos();
        submitUntil(cluster, () -> {
            assertThat(isAllCommitted(a)).isTrue();
            return cluster.nowNanos() >= untilNanos;
        });
        String last = submitUntil(cluster, () -> cluster.table.row.inSync().size() == 2);
        assertThat(a.disk.names()).endsWith(last);
    }

    private static boolean isAllCommitted(TestNode primary) {
        return primary.committedNames().size() == primary.disk.names().size();
    }

    /** One after the other, and what b acknowledges comes in when the next one is appended. Returns the last one's name. */
    private static String submitUntil(TestCluster cluster, BooleanSupplier end) {
        String last = submitWithLateAcknowledgements(cluster, 1, 200, end);
        assertThat(last).as("it came to that, row=%s", cluster.table.row).isNotEmpty();
        return last;
    }

    /** The same, where it comes in after {@code late} more; the empty string if {@code most} submits did not bring the end. */
    private static String submitWithLateAcknowledgements(TestCluster cluster, int late, int most, BooleanSupplier end) {
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        Deque<List<TestCluster.Envelope>> underWay = new ArrayDeque<>();
        underWay.add(new ArrayList<>());
        cluster.lost = envelope -> envelope.from() == b
                && envelope.message() instanceof Message.Ack
                && underWay.getLast().add(envelope);
        for (int i = 0; i < most; i++) {
            a.submit("x" + i);
            while (a.answer()) {
                // until it is appended
            }
            if (end.getAsBoolean()) {
                return "x" + i;
            }
            if (underWay.size() == late) {
                underWay.remove().forEach(each -> a.step(new Input.Received(b.id, each.session(), each.message())));
            }
            underWay.add(new ArrayList<>());
            cluster.pass(Duration.ofMillis(10));
            cluster.nodes.forEach(node -> node.step(new Input.Tick()));
            cluster.settle();
        }
        return "";
    }

    /** A conflict says nothing about a compare-and-set that was tried before: it may be what it conflicts with. */
    @Test
    void aRepeatedProposalThatMeetsItselfIsNoFailure() {
        TestCluster cluster = withAMuteLearner();
        cluster.table.mood = TestTable.Mood.FORGETS_THE_ANSWER;
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(400));
        assertThat(cluster.table.row.inSync()).hasSize(2);
        assertThat(cluster.node("a").said(Output.Propose.class).stream()
                        .map(each -> each.proposal().id())
                        .distinct())
                .as("one, repeated under its number")
                .hasSizeLessThanOrEqualTo(2);
    }

    /** KIP-903: a replica that was started again, with nothing, is not the one that had caught up. */
    @Test
    void aCandidateThatWasRestartedDoesNotGetIn() {
        TestCluster cluster = withAMuteLearner();
        cluster.table.mood = TestTable.Mood.WAITS;
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.waiting).hasSize(1);
        TestNode b = cluster.node("b");
        cluster.crash(b, true);
        cluster.lost = envelope -> envelope.from() == b;
        b.start(true);
        cluster.decide();
        assertThat(cluster.table.row.inSync()).containsExactly(cluster.node("a").id);
        cluster.lost = envelope -> false;
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.table.row.inSync()).hasSize(2);
    }

    /** An indeterminate expand whose candidate died: only a later version shows that it can not be applied any more. */
    @Test
    void whatMayStillBeAppliedIsFencedOffByAVersion() {
        TestCluster cluster = withAMuteLearner();
        cluster.table.mood = TestTable.Mood.LOSES;
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofMillis(150));
        TestNode a = cluster.node("a");
        int proposals = a.said(Output.Propose.class).size();
        assertThat(proposals).isPositive();
        cluster.node("b").stop();
        cluster.table.register(cluster.node("b").id);
        RowVersion before = cluster.table.row.version();
        cluster.table.mood = TestTable.Mood.ANSWERS;
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        assertThat(cluster.table.row.version()).isGreaterThan(before);
        a.submit("x");
        cluster.run(Duration.ofMillis(100));
        assertThat(a.committedNames()).endsWith("x");
    }

    /** R12: the last replica standing is never suspect. */
    @Test
    void whoIsLeftAloneForcesItsWholeLogBeforeItSaysSo() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode a = cluster.node("a");
        a.submit("x");
        cluster.run(Duration.ofMillis(100));
        cluster.node("b").stop();
        a.diskIsSlow = true;
        a.submit("y");
        a.answer();
        cluster.run(Duration.ofMillis(800));
        assertThat(a.said(Output.Force.class)).hasSize(1);
        assertThat(cluster.table.row.inSync()).hasSize(2);
        a.diskIsSlow = false;
        cluster.settle();
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        assertThat(a.committedNames()).endsWith("y");
        a.diskIsSlow = true;
        a.submit("z");
        a.answer();
        assertThat(a.committedNames()).as("appended").doesNotContain("z");
        a.answer();
        assertThat(a.committedNames()).as("forced").endsWith("z");
        cluster.crash(a, true);
        a.diskIsSlow = false;
        a.start(true);
        cluster.run(Duration.ofMillis(300));
        assertThat(a.mayServe()).isTrue();
        assertThat(a.committedNames()).contains("x", "y", "z");
        cluster.node("b").start(false);
        cluster.run(Duration.ofSeconds(1));
        int forces = a.said(Output.Force.class).size();
        a.submit("w");
        cluster.settle();
        assertThat(a.committedNames()).endsWith("w");
        assertThat(a.said(Output.Force.class)).as("two again").hasSize(forces);
    }

    @Test
    void theOnlyReplicaForcesNothing() {
        TestCluster cluster = TestCluster.of("a").started();
        cluster.node("a").submit("x");
        cluster.run(Duration.ofMillis(100));
        assertThat(cluster.node("a").committedNames()).endsWith("x");
        assertThat(cluster.node("a").said(Output.Force.class)).isEmpty();
    }

    /** R14: a learner gets the log from its beginning, counts for nothing meanwhile, and is then taken in. */
    @Test
    void aLearnerCatchesUpInChunksAndThenCounts() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        for (int i = 0; i < 30; i++) {
            a.submit("t" + i);
            cluster.settle();
        }
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(300));
        assertThat(a.said(Output.ReadLog.class)).hasSizeGreaterThan(3);
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        a.submit("x");
        cluster.run(Duration.ofMillis(200));
        assertThat(b.committedNames()).hasSize(32).endsWith("x");
    }

    @Test
    void aLearnerThatIsSlowHoldsNothingUp() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode b = cluster.add("b");
        b.diskIsSlow = true;
        cluster.run(Duration.ofSeconds(3));
        cluster.node("a").submit("x");
        cluster.settle();
        assertThat(cluster.node("a").committedNames()).endsWith("x");
    }

    /** R14: in parts, into a place of its own, put in place at once. */
    @Test
    void aLearnerGetsACheckpointWhereTheLogDoesNotBeginAtItsEnd() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        for (int i = 0; i < 9; i++) {
            a.submit("t" + i);
            cluster.settle();
        }
        a.checkpoint(new Lsn(7));
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(500));
        assertThat(b.said(Output.StoreCheckpoint.class)).hasSize(4);
        assertThat(b.said(Output.InstallCheckpoint.class)).hasSize(1);
        assertThat(b.committedNames()).isEqualTo(a.committedNames());
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
    }

    /** The log may have lost its beginning to a checkpoint that can not be read yet, or not any more. */
    @Test
    void aLearnerAsksAgainForACheckpointThatWasNotThere() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        for (int i = 0; i < 9; i++) {
            a.submit("t" + i);
            cluster.settle();
        }
        a.checkpoint(new Lsn(7));
        a.hasCheckpoint = false;
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofSeconds(1));
        assertThat(a.said(Output.ReadCheckpoint.class)).hasSizeBetween(2, 4);
        assertThat(b.said(Output.StoreCheckpoint.class)).isEmpty();
        a.hasCheckpoint = true;
        cluster.run(Duration.ofSeconds(1));
        assertThat(b.committedNames()).isEqualTo(a.committedNames());
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
    }

    @Test
    void aCheckpointGoesOnAfterALostPartAndBeginsAnewWithANewerOne() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        for (int i = 0; i < 12; i++) {
            a.submit("t" + i);
            cluster.settle();
        }
        a.checkpoint(new Lsn(7));
        cluster.lost = envelope -> envelope.message() instanceof Message.CheckpointPart part
                && part.chunk().place().offsetBytes() == 2;
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(300));
        assertThat(b.said(Output.StoreCheckpoint.class)).hasSize(1);
        cluster.lost = envelope -> false;
        a.checkpoint(new Lsn(9));
        cluster.run(Duration.ofSeconds(1));
        assertThat(b.said(Output.InstallCheckpoint.class))
                .extracting(each -> each.at().lsn())
                .containsExactly(new Lsn(9));
        assertThat(b.committedNames()).isEqualTo(a.committedNames());
    }

    /** It was read for an earlier request, and is older than what this one knows to be committed. */
    @Test
    void aPartOfAnEarlierCheckpointThatComesLateIsNotTaken() {
        TestCluster cluster = TestCluster.of("a").started();
        TestCluster.Envelope earlier = earlierCheckpoint(cluster);
        TestNode b = cluster.node("b");
        cluster.lost = envelope -> false;
        cluster.deliver(earlier);
        assertThat(b.said(Output.Quarantine.class)).isEmpty();
        cluster.run(Duration.ofSeconds(1));
        assertThat(b.disk.end()).isEqualTo(cluster.node("a").disk.end());
    }

    /** A primary that has nothing newer has another history. */
    @Test
    void aCheckpointBelowWhatIsCommittedThatIsOfferedWhenAskedAgainIsAViolation() {
        TestCluster cluster = TestCluster.of("a").started();
        TestCluster.Envelope earlier = earlierCheckpoint(cluster);
        TestNode b = cluster.node("b");
        cluster.lost = envelope -> envelope.message() instanceof Message.CheckpointPart && !envelope.equals(earlier);
        cluster.deliver(earlier);
        int asked = b.sent(Message.CheckpointWanted.class).size();
        cluster.run(Duration.ofMillis(350)); // less than between two questions, which a part that comes twice may take
        cluster.deliver(earlier);
        assertThat(b.said(Output.Quarantine.class)).isEmpty();
        cluster.run(Duration.ofMillis(200));
        assertThat(b.sent(Message.CheckpointWanted.class)).hasSizeGreaterThan(asked);
        cluster.deliver(earlier);
        assertThat(b.said(Output.Quarantine.class))
                .singleElement()
                .satisfies(quarantine -> assertThat(quarantine.violation().kind())
                        .isEqualTo(ProtocolViolation.Kind.CHECKPOINT_BELOW_COMMIT));
    }

    /** Adds b, which knows to be committed what is behind a's first checkpoint and asks for another; none comes. The first part of the first. */
    private static TestCluster.Envelope earlierCheckpoint(TestCluster cluster) {
        TestNode a = cluster.node("a");
        submitAll(cluster, 9);
        a.checkpoint(new Lsn(7));
        List<TestCluster.Envelope> earlier = new ArrayList<>();
        cluster.lost = envelope -> envelope.message() instanceof Message.CheckpointPart part
                && part.chunk().place().offsetBytes() == 0
                && !earlier.add(envelope);
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(500));
        assertThat(b.committedNames()).isEqualTo(a.committedNames());
        cluster.lost = envelope -> envelope.to().equals(b.id);
        cluster.run(Duration.ofSeconds(1)); // a goes on alone
        submitAll(cluster, 20);
        a.checkpoint(new Lsn(25));
        cluster.lost = envelope -> envelope.message() instanceof Message.CheckpointPart;
        cluster.run(Duration.ofMillis(500));
        assertThat(b.sent(Message.CheckpointWanted.class))
                .last()
                .satisfies(asked -> assertThat(asked.place()).isEqualTo(CheckpointPlace.START));
        return earlier.get(0);
    }

    private static void submitAll(TestCluster cluster, int count) {
        for (int i = 0; i < count; i++) {
            cluster.node("a").submit("t" + i);
            cluster.settle();
        }
    }

    @Test
    void placementSendsAMemberAwayThroughThePrimary() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode c = cluster.node("c");
        cluster.node("a").step(new Input.DropMember(c.id));
        cluster.run(Duration.ofMillis(200));
        assertThat(cluster.table.row.replicas()).doesNotContain(c.id);
        assertThat(cluster.table.row.inSync()).doesNotContain(c.id);
    }

    /** R12: the end that has to be forced stays where it was when it was first tried, though appends go on. */
    @Test
    void whoIsLeftAloneByPlacementNeedNotPauseForThat() {
        TestCluster cluster = TestCluster.of(false, List.of("a", "b", "c"), List.of("a", "b"));
        cluster.lost = envelope -> envelope.from() == cluster.node("c"); // a learner for ever
        cluster.started();
        TestNode a = cluster.node("a");
        a.diskIsSlow = true;
        a.submit("x");
        a.answer();
        a.step(new Input.DropMember(cluster.node("b").id));
        Input forced = a.disked.remove();
        assertThat(forced).isInstanceOf(Input.ForceDone.class);
        a.submit("y");
        a.answer();
        a.step(new Input.Tick());
        int proposals = a.said(Output.Propose.class).size();
        a.step(forced);
        assertThat(a.said(Output.Propose.class))
                .hasSize(proposals + 1)
                .last()
                .satisfies(each -> assertThat(each.proposal().next().inSync()).containsExactly(a.id));
    }

    /** An eligible replica may have to lead next; the table refuses to let it go, and a primary that insists expands nothing. */
    @Test
    void anEligibleReplicaIsNotSentAway() {
        TestCluster cluster = TestCluster.of("a", "b");
        cluster.minInSync = 2;
        cluster.started();
        TestNode b = cluster.node("b");
        cluster.crash(b, false);
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.table.row.eligible()).containsExactly(b.id);
        cluster.node("a").step(new Input.DropMember(b.id));
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.table.row.replicas()).contains(b.id);
        b.start(false);
        cluster.run(Duration.ofSeconds(2));
        assertThat(cluster.table.row.inSync()).contains(b.id);
    }

    /** Nothing is appended that it could answer: with too few in sync nothing may be. */
    @Test
    void aLearnerWhoseFirstAcknowledgementIsLostComesIntoSyncAllTheSame() {
        TestCluster cluster = TestCluster.of("a", "b").started();
        TestNode b = cluster.node("b");
        b.stop();
        cluster.run(Duration.ofSeconds(4));
        assertThat(cluster.table.row.inSync()).doesNotContain(b.id);
        AtomicInteger lost = new AtomicInteger();
        cluster.lost = envelope -> envelope.message() instanceof Message.Ack && lost.getAndIncrement() == 0;
        b.start(false);
        cluster.spreadRow();
        cluster.run(Duration.ofSeconds(4));
        assertThat(lost.get()).as("acknowledgements").isGreaterThan(1);
        assertThat(cluster.table.row.inSync()).contains(b.id);
    }
}
