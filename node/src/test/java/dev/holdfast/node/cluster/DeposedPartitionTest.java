package dev.holdfast.node.cluster;

import static dev.holdfast.node.cluster.HostCluster.PARTITION;
import static dev.holdfast.node.cluster.HostCluster.submit;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.PartitionRing;
import dev.holdfast.node.partition.Undecided;
import dev.holdfast.replication.ReplicaGroup;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RecoveredLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a primary leaves in the ring when another one takes its place. */
class DeposedPartitionTest {

    private static final LogEnd BEFORE = new LogEnd(new Lsn(10), new Epoch(1), 1);
    private static final LogEnd AFTER = new LogEnd(new Lsn(20), new Epoch(1), 2);

    private final HostCluster cluster = new HostCluster("a");
    private final HostDisk disk = HostDisk.memory(SyncPolicy.OS);
    private final PartitionRing ring =
            new PartitionRing(PARTITION, cluster.nodes.get(0).parts());
    private final RecoveredLog recovered = disk.open(PARTITION, ring.following());
    private final List<Undecided> undecided = new ArrayList<>();
    private final Copies copies = new Copies();
    private final Partition partition =
            ring.serve(recovered.replicated(), recovered.sequences(), copies, undecided::add);

    @AfterEach
    void close() {
        disk.kill();
        cluster.close();
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

    /** Of one batch, which is appended from {@link #BEFORE} to {@link #AFTER}. */
    private static final class Copies implements ReplicaGroup {

        private volatile Lsn committed = BEFORE.lsn();
        private LogEnd end = BEFORE;
        private Runnable whileAppending = () -> {};

        @Override
        public Epoch epoch() {
            return new Epoch(1);
        }

        @Override
        public List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records) {
            whileAppending.run();
            end = AFTER;
            return List.copyOf(records);
        }

        @Override
        public LogEnd end() {
            return end;
        }

        @Override
        public Lsn committed() {
            return committed;
        }

        @Override
        public void acknowledge(Lsn lsn) {}

        @Override
        public void onCommit(Runnable listener) {}

        @Override
        public boolean mayServe() {
            return true;
        }
    }
}
