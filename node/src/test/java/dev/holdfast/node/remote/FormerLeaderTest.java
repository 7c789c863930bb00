package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.HoldfastException;
import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader that stands still while another takes its place: its connection stays, and it answers nothing. */
class FormerLeaderTest extends RemoteFixture {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final Semaphore asked = new Semaphore(0);
    private final ExecutorService askers = Executors.newCachedThreadPool();
    private Owner standingStill = new Owner.None("not started");

    @BeforeEach
    void start() {
        AutoCloseable unused = opened((AutoCloseable) askers::shutdownNow);
        NodeId id = new NodeId("disk-of-one-that-stands-still");
        Identity self = new Identity(Optional.of(new UUID(7, 7)), Role.PEER, id, 1, "still");
        Inbound inbound = new Inbound();
        inbound.onRequest(Kinds.QUERY, (from, body, timeLeft) -> {
            asked.release();
            return new CompletableFuture<>();
        });
        NettyTransport transport = opened(NettyTransport.start(
                TransportSettings.defaults().listeningOn(new PeerAddress("127.0.0.1", 0)),
                Surroundings.of(() -> self, inbound, ConnectionListener.NONE)));
        standingStill = new Owner.Remote(Peer.of(id, transport.address().orElseThrow(), Role.CLIENT), "still");
    }

    private CompletableFuture<Long> askHowManyThereAre(PartitionSlot slot) {
        return CompletableFuture.supplyAsync(() -> slot.entries().count(), askers);
    }

    private void awaitQuestion() throws InterruptedException {
        assertThat(asked.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aQuestionThatItDoesNotAnswerIsAskedOfWhoLeadsNow() throws Exception {
        ServedNode b = node("b");
        PartitionSlot slot = slot(LONG);
        owners.set(at(b));
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Stored.class);
        owners.set(standingStill);
        CompletableFuture<Long> stored = askHowManyThereAre(slot);
        awaitQuestion();
        owners.set(at(b));
        assertThat(stored.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aQuestionThatItDoesNotAnswerIsAskedHereOnceThisNodeLeads() throws Exception {
        ServedNode b = node("b");
        PartitionSlot slot = slot(LONG);
        owners.set(standingStill);
        CompletableFuture<Long> stored = askHowManyThereAre(slot);
        awaitQuestion();
        owners.set(new Owner.Local(b.partitions().get(0)));
        assertThat(stored.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void itIsWaitedForWhileNobodyElseLeads() throws Exception {
        ServedNode b = node("b");
        PartitionSlot slot = slot(LONG);
        owners.set(standingStill);
        CompletableFuture<Long> stored = askHowManyThereAre(slot);
        awaitQuestion();
        owners.set(new Owner.None("nobody leads it"));
        owners.set(standingStill);
        CompletableFuture<Long> another = askHowManyThereAre(slot);
        awaitQuestion();
        assertThat(stored).isNotDone();
        owners.set(at(b));
        assertThat(stored.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(another.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void itIsAskedAgainOnceItLeadsAgain() throws Exception {
        ServedNode b = node("b");
        PartitionSlot slot = slot(LONG);
        owners.set(standingStill);
        owners.set(new Owner.Local(b.partitions().get(0)));
        assertThat(slot.entries().count()).isZero();
        owners.set(standingStill);
        CompletableFuture<Long> stored = askHowManyThereAre(slot);
        awaitQuestion();
        owners.set(at(b));
        assertThat(stored.get(30, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void nobodyWaitsForItLongerThanForTheCloseOfTheOwnNode() throws Exception {
        PartitionSlot slot = slot(LONG);
        owners.set(standingStill);
        CompletableFuture<Long> stored = askHowManyThereAre(slot);
        awaitQuestion();
        slot.close();
        assertThatThrownBy(() -> stored.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HoldfastException.class)
                .hasMessageContaining("it is closed here");
    }
}
