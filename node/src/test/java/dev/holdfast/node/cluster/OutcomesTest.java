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
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
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
    private final Queue<Runnable> looks = new ArrayDeque<>();
    private long nowNanos;
    private final RecoveredLog recovered = disk.open(PARTITION, ring.following());

    @AfterEach
    void close() {
        disk.kill();
        cluster.close();
    }

    @Test
    void whoIsDeposedInTheMiddleOfAnAppendAndHandsItInAfterTheEndIsAnswered() throws Exception {
        Outcomes outcomes = outcomes();
        CompletableFuture<Reply> reply = deposedWithinAnAppend(undecided -> {
            outcomes.close();
            outcomes.add(undecided);
        });
        assertThat(reply.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(true));
        assertThat(looks).isEmpty();
    }

    @Test
    void whoNeverHearsWhatBecameOfItIsToldSo() throws Exception {
        CompletableFuture<Reply> reply = deposedWithinAnAppend(outcomes()::add);
        nowNanos = Outcomes.PATIENCE.toNanos() - 1;
        looks.remove().run();
        assertThat(reply).isNotDone();
        nowNanos++;
        looks.remove().run();
        assertThat(reply.get(20, SECONDS)).isEqualTo(new Reply.Elsewhere(true));
        assertThat(looks).isEmpty();
    }

    private Outcomes outcomes() {
        return new Outcomes(recovered.replicated(), () -> Lsn.NONE, looks::add, Runnable::run, () -> nowNanos);
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
    private static final class Deposing implements ReplicaGroup {

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
            return new LogEnd(new Lsn(1), new Epoch(1), 1); // further than the log, which hears nothing
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
