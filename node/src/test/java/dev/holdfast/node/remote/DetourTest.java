package dev.holdfast.node.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.assembly.ServedNode;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.ConnectionListener;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Inbound;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.PeerAddress;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.netty.NettyTransport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three members, and the way between two of them is cut. */
class DetourTest extends RemoteFixture {

    private static final NodeId THIRD = new NodeId("disk-of-the-third");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private ServedNode leader;
    private TcpProxy way;
    private NettyTransport third;
    private NettyTransport asker;

    @BeforeEach
    void start() throws Exception {
        leader = node("leader");
        way = opened(new TcpProxy(leader.address()));
        Inbound inbound = new Inbound();
        third = member(THIRD, inbound);
        Relay.open(inbound, third, node -> node.equals(leader.id()) ? Optional.of(leader.address()) : Optional.empty());
        asker = member(new NodeId("disk-of-the-asker"), new Inbound());
    }

    private NettyTransport member(NodeId id, Inbound inbound) {
        Identity self = new Identity(Optional.of(new UUID(7, 7)), Role.PEER, id, 1, id.diskId());
        return opened(NettyTransport.start(
                TransportSettings.defaults().listeningOn(new PeerAddress("127.0.0.1", 0)),
                Surroundings.of(() -> self, inbound, ConnectionListener.NONE)));
    }

    private Peer leaderPeer() {
        return Peer.of(leader.id(), way.address(), Role.PEER);
    }

    private Peer thirdPeer() {
        return Peer.of(THIRD, third.address().orElseThrow(), Role.PEER);
    }

    private PartitionSlot slot(List<Peer> others) {
        owners.set(new Owner.Remote(leaderPeer(), "leader"));
        asker.connect(thirdPeer());
        return opened(new PartitionSlot(
                PARTITION,
                owners,
                new RemoteCalls(
                        asker, () -> others, UUID.randomUUID(), executor, timer, new WaiterLimit(100), TIMEOUT, 1024)));
    }

    @Test
    void tasksAreSubmittedReadAndWaitedForOverAThirdMember() throws Exception {
        PartitionSlot slot = slot(List.of(leaderPeer(), thirdPeer()));
        assertThat(post(slot, submit()).first()).isInstanceOf(Reply.Stored.class);
        way.close();
        long task = ((Reply.Stored) post(slot, submit()).first()).sequence();
        assertThat(stored(slot)).isEqualTo(2);
        Replies end = new Replies();
        AutoCloseable waiting = opened(slot.awaitResult(EXECUTOR, task, end));
        assertThat(waiting).isNotNull();
        Command cancel = new Command.Cancel(EXECUTOR, task);
        assertThat(post(slot, cancel).first()).isInstanceOf(Reply.Done.class);
        assertThat(end.first()).isInstanceOf(Reply.Ended.class);
        assertThat(leader.partitions().get(0).entries().count()).isEqualTo(2);
    }

    @Test
    void whoHasNobodyToHandOnIsToldThatNobodyAnswered() throws Exception {
        way.close();
        owners.set(new Owner.Remote(leaderPeer(), "leader"));
        Duration brief = Duration.ofSeconds(3);
        PartitionSlot slot = opened(new PartitionSlot(PARTITION, owners, calls(brief, 100)));
        assertThat(post(slot, submit()).first())
                .isInstanceOfSatisfying(
                        Reply.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Reply.Refusal.NO_OWNER));
    }

    @Test
    void onlyWhatAskersMayAskIsHandedOnAndOnlyToOthersThatAreKnown() {
        assertThatThrownBy(() -> relayed(Relayed.write(leader.id(), Kinds.REPORT.code(), Body.EMPTY)))
                .hasMessageContaining("Not handed on")
                .hasMessageContaining("kind=" + Kinds.REPORT.code());
        assertThatThrownBy(() -> relayed(Relayed.write(THIRD, Kinds.QUERY.code(), Body.EMPTY)))
                .hasMessageContaining("Not handed on")
                .hasMessageContaining("target=" + THIRD);
        assertThatThrownBy(() -> relayed(Body.of(new byte[] {1, 2, 3}))).hasMessageContaining("Not a message");
    }

    private void relayed(Body request) throws Exception {
        var answer = asker.request(thirdPeer(), Kinds.RELAY, request, TIMEOUT).toCompletableFuture();
        try {
            assertThat(Relayed.answer(answer.get(30, TimeUnit.SECONDS))).isNull();
        } catch (ExecutionException e) {
            throw (RequestFailedException) e.getCause();
        }
    }
}
