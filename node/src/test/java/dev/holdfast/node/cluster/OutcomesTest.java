package dev.holdfast.node.cluster;

import static dev.holdfast.node.cluster.HostCluster.submit;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.Partition;
import dev.holdfast.node.partition.Undecided;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutcomesTest {

    private final ServedRing ring = new ServedRing();
    private final Queue<Runnable> looks = new ArrayDeque<>();
    private long nowNanos;

    @AfterEach
    void close() {
        ring.close();
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
        return new Outcomes(ring.recovered.replicated(), () -> Lsn.NONE, looks::add, Runnable::run, () -> nowNanos);
    }

    private CompletableFuture<Reply> deposedWithinAnAppend(Consumer<Undecided> undecided) {
        ServedRing.Copies copies = new ServedRing.Copies();
        Partition partition = ring.serve(copies, undecided);
        copies.whileAppending = partition::depose;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        assertThat(partition.post(submit(1), reply::complete)).isTrue();
        return reply;
    }
}
