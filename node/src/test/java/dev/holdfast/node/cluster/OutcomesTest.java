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
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.RecoveredLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private final HostCluster cluster = new HostCluster("a");
    private final HostDisk disk = HostDisk.memory(SyncPolicy.OS);
    private final PartitionRing ring =
            new PartitionRing(PARTITION, cluster.nodes.get(0).parts());
    private final RecoveredLog recovered = disk.open(PARTITION, ring.following());

    @AfterEach
    void close() {
        disk.kill();
        cluster.close();
    }

    @Test
    void whoIsDeposedInTheMiddleOfAnAppendAndHandsItInAfterTheEndIsAnswered() throws Exception {
        List<Runnable> told = new ArrayList<>();
        Outcomes outcomes = new Outcomes(recovered.replicated(), () -> Lsn.NONE, told::add, Runnable::run);
        CompletableFuture<Reply> reply = deposedWithinAnAppend(undecided -> {
            outcomes.close();
            outcomes.add(undecided);
        });
        assertThat(reply.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(true));
        assertThat(told).isEmpty();
    }

    private CompletableFuture<Reply> deposedWithinAnAppend(Consumer<Undecided> undecided) {
        Deposing group = new Deposing();
        Partition partition = ring.serve(recovered.replicated(), recovered.sequences(), group, undecided);
        group.partition = partition;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        assertThat(partition.post(submit(1), reply::complete)).isTrue();
        return reply;
    }

    /** Copies whose primary is deposed while one appends. */
    private final class Deposing implements ReplicaGroup {

        private @Nullable Partition partition;

        @Override
        public Epoch epoch() {
            return new Epoch(1);
        }

        @Override
        public List<LogRecord.Replicated> append(List<? extends LogRecord.Replicated> records) {
            Objects.requireNonNull(partition).depose();
            return List.copyOf(records);
        }

        @Override
        public LogEnd end() {
            return recovered.replicated().end();
        }

        @Override
        public Lsn committed() {
            return Lsn.NONE;
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
