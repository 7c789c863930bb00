package dev.holdfast.node.cluster;

import static dev.holdfast.node.cluster.HostCluster.submit;
import static dev.holdfast.node.cluster.ServedRing.AFTER;
import static dev.holdfast.node.cluster.ServedRing.BEFORE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.Undecided;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a primary leaves in the ring when another one takes its place. */
class DeposedPartitionTest {

    private final ServedRing ring = new ServedRing();
    private final List<Undecided> undecided = new ArrayList<>();
    private final ServedRing.Copies copies = new ServedRing.Copies();
    private final Partition partition = ring.serve(copies, undecided::add);

    @AfterEach
    void close() {
        ring.close();
    }

    @Test
    void ofABatchThatIsCommittedInPartTheRingHasNothingAndSaysSo() {
        assertThat(partition.post(submit(1), reply -> {})).isTrue();
        copies.committed = new Lsn(15);
        assertThat(partition.depose()).isEqualTo(BEFORE);
        assertThat(undecided).extracting(Undecided::end).containsExactly(AFTER);
        assertThat(partition.depose()).as("again").isEqualTo(BEFORE);
    }

    @Test
    void ofABatchThatIsCommittedTheRingHasAll() {
        assertThat(partition.post(submit(1), reply -> {})).isTrue();
        copies.committed = AFTER.lsn();
        assertThat(partition.depose()).isEqualTo(AFTER);
        assertThat(undecided).isEmpty();
        assertThat(partition.entries()).hasSize(1);
    }

    /** The ring is another's by then: nothing is decided on it again. */
    @Test
    void whoIsDeposedWhileTheLogHasNoRoomSendsTheCallerElsewhere() throws Exception {
        copies.whileAppending = () -> {
            LogEnd unused = partition.depose();
            throw new LogFullException("a test has filled it");
        };
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        assertThat(partition.post(submit(1), reply::complete)).isTrue();
        assertThat(reply.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(false));
    }
}
