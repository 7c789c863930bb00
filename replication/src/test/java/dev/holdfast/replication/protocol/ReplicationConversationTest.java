package dev.holdfast.replication.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** R1 to R3: what is committed, when it is seen, and under which epoch. */
class ReplicationConversationTest {

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
        cluster.run(Duration.ofMillis(300));
        assertThat(a.committedNames()).endsWith("x");
        assertThat(cluster.node("b").committedNames()).endsWith("x");
        assertThat(cluster.node("c").committedNames()).endsWith("x");
    }
}
