package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.Lsn;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a primary has read for others: what may wait, and what may not. */
class CopyPaceConversationTest {

    private static void submit(TestCluster cluster, TestNode primary, int count) {
        for (int i = 0; i < count; i++) {
            primary.submit("t" + i);
            cluster.settle();
        }
    }

    @Test
    void whatALearnerGetsMayWait() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        submit(cluster, a, 30);
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(300));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        assertThat(a.said(Output.ReadLog.class)).isNotEmpty().noneMatch(Output.Read::urgent);
    }

    @Test
    void aLearnerThatSubmitsWaitForGetsWhatItNeedsAtOnce() {
        TestCluster cluster = TestCluster.of("a", "b");
        cluster.started();
        TestNode a = cluster.node("a");
        TestNode b = cluster.node("b");
        b.stop();
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id);
        submit(cluster, a, 30);
        cluster.changeMinInSync(2);
        b.start(false);
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        assertThat(a.said(Output.ReadLog.class)).isNotEmpty().allMatch(Output.Read::urgent);
    }

    @Test
    void aReadThatWaitsIsAskedForAgainWhenItBecomesUrgentAndAnsweredOnce() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        submit(cluster, a, 30);
        TestNode b = cluster.add("b");
        a.diskIsSlow = true;
        cluster.run(Duration.ofMillis(300));
        assertThat(a.said(Output.ReadLog.class)).hasSize(1);
        cluster.changeMinInSync(2);
        cluster.run(Duration.ofMillis(300));
        List<Output.ReadLog> reads = a.said(Output.ReadLog.class);
        assertThat(reads).hasSize(2);
        assertThat(reads.get(1)).isEqualTo(reads.get(0).urgently());
        assertThat(a.disked).filteredOn(Input.LogRead.class::isInstance).hasSize(2);
        a.diskIsSlow = false;
        cluster.run(Duration.ofMillis(500));
        assertThat(a.sent(Message.Append.class))
                .isNotEmpty()
                .extracting(append -> append.run().before())
                .doesNotHaveDuplicates();
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
    }

    /** What commits wait for is fed by whatever means: here by a new primary that has to read what the member lacks. */
    @Test
    void aMemberThatLacksWhatANewPrimaryHasGetsItAtOnce() {
        TestCluster cluster = TestCluster.of("a", "b", "c").started();
        TestNode c = cluster.node("c");
        cluster.lost = envelope -> envelope.to().equals(c.id) && envelope.message() instanceof Message.Append;
        for (int i = 0; i < 5; i++) {
            cluster.node("a").submit("t" + i);
            cluster.settle();
        }
        cluster.crash(cluster.node("a"), false);
        cluster.refuseConnections(cluster.node("a"));
        cluster.lost = envelope -> envelope.from() == c; // so that b leads
        cluster.run(Duration.ofSeconds(2));
        cluster.lost = envelope -> false;
        cluster.run(Duration.ofSeconds(2));
        TestNode b = cluster.node("b");
        assertThat(b.mayServe()).isTrue();
        assertThat(cluster.table.row.inSync()).contains(b.id, c.id);
        assertThat(c.committedNames()).isEqualTo(b.committedNames());
    }

    /** A learner far behind is not poured into the way of what members wait for. */
    @Test
    void aLearnerHasNoMoreThanTwoChunksOnItsWay() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        submit(cluster, a, 60);
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(50));
        b.diskIsSlow = true;
        cluster.lost = envelope -> envelope.message() instanceof Message.Ack;
        TestNode c = cluster.add("c");
        cluster.lost = envelope -> envelope.from() == c && envelope.message() instanceof Message.Ack;
        cluster.run(Duration.ofMillis(100));
        long bytes = a.said(Output.Send.class).stream()
                .filter(each -> each.to().equals(c.id) && each.message() instanceof Message.Append)
                .mapToLong(each ->
                        ((Message.Append) each.message()).run().records().bytes())
                .sum();
        assertThat(bytes).isBetween(1L, 2 * TestCluster.LIMITS.chunkBytes());
    }

    @Test
    void aCheckpointThatIsReplacedBeforeALearnerHasItIsNotPutOffAnyMore() {
        TestCluster cluster = TestCluster.of("a").started();
        TestNode a = cluster.node("a");
        submit(cluster, a, 12);
        a.checkpoint(new Lsn(7));
        cluster.lost = envelope -> envelope.message() instanceof Message.CheckpointPart part
                && part.chunk().place().offsetBytes() == 2;
        TestNode b = cluster.add("b");
        cluster.run(Duration.ofMillis(300));
        assertThat(a.said(Output.ReadCheckpoint.class)).isNotEmpty().noneMatch(Output.Read::urgent);
        cluster.lost = envelope -> false;
        a.checkpoint(new Lsn(9));
        cluster.run(Duration.ofSeconds(1));
        assertThat(cluster.table.row.inSync()).containsExactly(a.id, b.id);
        assertThat(a.said(Output.ReadCheckpoint.class)).last().matches(Output.Read::urgent);
    }
}
