package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableKeeperTest extends RemoteFixture {

    private ServedNode a;
    private ServedNode b;
    private TcpProxy wayToA;
    private Transport transport;

    @BeforeEach
    void start() throws Exception {
        a = node("a");
        b = node("b");
        wayToA = opened(new TcpProxy(a.address()));
        transport = transport();
        a.tell(table(2, a));
        b.tell(table(2, a));
    }

    private PartitionTable table(long version, ServedNode leader) {
        String id = leader.id().diskId();
        return new PartitionTable(
                version,
                "dev",
                List.of(
                        new PartitionTable.Node(a.id(), "a", wayToA.address()),
                        new PartitionTable.Node(b.id(), "b", b.address())),
                List.of(id, id));
    }

    private TableKeeper keeper(PeerAddress... members) throws Exception {
        TableKeeper keeper = opened(new TableKeeper(
                transport,
                timer,
                "dev",
                Stream.of(members).map(PeerAddress::toString).toList()));
        assertThat(keeper.start().get(20, TimeUnit.SECONDS).version()).isEqualTo(2);
        return keeper;
    }

    private void awaitLeader(TableKeeper keeper, ServedNode leader) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(keeper.of(PARTITION))
                        .isInstanceOfSatisfying(
                                Owner.Remote.class,
                                owner -> assertThat(owner.node()).isEqualTo(leader.node.getName())));
    }

    @Test
    void whatAMemberKnowsAnewIsKnown() throws Exception {
        TableKeeper keeper = keeper(wayToA.address());
        a.tell(table(3, b));
        awaitLeader(keeper, b);
        a.tell(table(4, a));
        awaitLeader(keeper, a);
    }

    @Test
    void aMemberWithoutNewsHidesNothingThatOthersKnow() throws Exception {
        TableKeeper keeper = keeper(wayToA.address());
        b.tell(table(3, b)); // and nobody tells a
        awaitLeader(keeper, b);
        a.tell(table(4, a));
        awaitLeader(keeper, a);
    }

    @Test
    void aMemberThatAnswersNothingHidesNothingThatOthersKnow() throws Exception {
        TableKeeper keeper = keeper(wayToA.address(), b.address());
        wayToA.holdAnswers();
        b.tell(table(3, b));
        awaitLeader(keeper, b);
    }

    @Test
    void whoIsNoMemberAnyMoreIsNotDialledAnyMore() throws Exception {
        Peer wayToMember = Peer.of(a.id(), wayToA.address(), Role.TABLE);
        TableKeeper keeper = keeper(wayToA.address());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> transport.connected(wayToMember).isPresent());
        PartitionTable without = new PartitionTable(
                3,
                "dev",
                List.of(new PartitionTable.Node(b.id(), "b", b.address())),
                List.of(b.id().diskId(), b.id().diskId()));
        a.tell(without);
        b.tell(without);
        awaitLeader(keeper, b);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> transport.connected(wayToMember).isEmpty());
    }

    /** With thousands of calls outstanding, news behind their answers would come a tenth of a second later. */
    @Test
    void newsDoesNotWaitForWhoHandlesTheAnswersToCalls() throws Exception {
        TableKeeper keeper = keeper(b.address());
        CountDownLatch handled = new CountDownLatch(1);
        CountDownLatch handling = new CountDownLatch(1);
        AtomicReference<@Nullable Thread> handler = new AtomicReference<>();
        Peer callsToB = Peer.of(b.id(), b.address(), Role.CLIENT);
        var unused = transport
                .request(callsToB, Kinds.TABLE, new TableRequest(0, 0).write().body(), Duration.ofSeconds(20))
                .whenComplete((answer, failure) -> {
                    handler.set(Thread.currentThread());
                    handling.countDown();
                    boolean unusedToo = awaitQuietly(handled);
                });
        assertThat(handling.await(20, TimeUnit.SECONDS)).isTrue();
        b.tell(table(3, b));
        awaitLeader(keeper, b);
        assertThat(handler.get()).as("held all the while").isNotSameAs(Thread.currentThread());
        handled.countDown();
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anOlderTableIsNotTakenForNews() throws Exception {
        TableKeeper keeper = keeper(b.address());
        b.tell(table(4, b));
        awaitLeader(keeper, b);
        a.tell(table(3, a));
        assertThat(keeper.table().orElseThrow().version()).isEqualTo(4);
        b.tell(table(5, a));
        awaitLeader(keeper, a);
    }
}
