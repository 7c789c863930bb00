package dev.holdfast.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.transport.Refusal.Code;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What every {@link Transport} does with connections. */
public abstract class ConnectionContract extends TransportFixture {

    @Test
    void bothSidesLearnWhoTheOtherIs() {
        TestNode a = node("a");
        TestNode b = node("b");
        a.transport.connect(b.as(Role.CONTROL));
        awaitEvent(a, "connected b session=1");
        awaitEvent(b, "accepted a");
        assertThat(b.events.callers.get(0).identity()).isEqualTo(a.identity.as(Role.CONTROL));
        assertThat(a.transport.connected(b.as(Role.CONTROL))).contains(b.identity.as(Role.CONTROL));
        a.transport.disconnect(b.as(Role.CONTROL));
        awaitEvent(a, "lost b");
        awaitEvent(b, "ended a");
        assertThat(a.transport.connected(b.as(Role.CONTROL))).isEmpty();
    }

    @Test
    void aNodeOfAnotherClusterIsRefusedAndOneOfNoneIsNot() {
        TestNode b = node("b");
        Identity stranger = new Identity(Optional.of(new UUID(8, 9)), Role.PEER, new NodeId("disk-s"), 1, "stranger");
        TestNode other = node(stranger);
        other.transport.connect(b.as(Role.PEER));
        Refusal refusal = refusalOf(other);
        assertThat(refusal.code()).isEqualTo(Code.WRONG_CLUSTER);
        assertThat(refusal.message())
                .contains("Another cluster", "node-name=stranger", CLUSTER.toString(), "network.members");

        TestNode blank = node(new Identity(Optional.empty(), Role.PEER, new NodeId("disk-blank"), 1, "blank"));
        blank.transport.connect(b.as(Role.PEER));
        awaitEvent(blank, "connected b");
    }

    private static Refusal refusalOf(TestNode node) {
        awaitEvent(node, "refused");
        return node.events.refusals.get(0);
    }

    @Test
    void withoutACommonVersionBothAreTold() {
        TestNode b = node("b");
        TestNode newer = node(identity("newer", 1), speaking(2, 3).apply(settings()), Admission.OF_ALL);
        newer.transport.connect(b.as(Role.PEER));
        Refusal refusal = refusalOf(newer);
        assertThat(refusal.code()).isEqualTo(Code.WRONG_VERSION);
        assertThat(refusal.message()).contains("speaks=2..3", "here=1..1", "upgrade");

        TestNode both = node(identity("both", 1), speaking(1, 3).apply(settings()), Admission.OF_ALL);
        both.transport.connect(b.as(Role.PEER));
        awaitEvent(both, "connected b");
    }

    @Test
    void whoIsNotAdmittedIsToldWhy() {
        Admission noClients = (who, principal) -> who.role() == Role.CLIENT
                ? Refusal.because(
                        Code.NOT_AUTHORISED, "No clients here: role=CLIENT, allowed is PEER; ask somebody else")
                : Optional.empty();
        TestNode b = node(identity("b", 1), settings(), noClients);
        TestNode a = node("a");
        a.transport.connect(b.as(Role.CLIENT));
        assertThat(refusalOf(a))
                .isEqualTo(new Refusal(
                        Code.NOT_AUTHORISED, "No clients here: role=CLIENT, allowed is PEER; ask somebody else"));
        a.transport.connect(b.as(Role.PEER));
        awaitEvent(a, "connected b");
    }

    @Test
    void anotherNodeThanTheOneExpectedIsNotTalkedTo() {
        TestNode a = node("a");
        TestNode b = node("b");
        Peer wrong = Peer.of(new NodeId("disk-c"), b.transport.address().orElseThrow(), Role.PEER);
        a.transport.connect(wrong);
        assertThat(refusalOf(a).code()).isEqualTo(Code.WRONG_NODE);
        assertThat(refusalOf(a).message()).contains("disk-id=disk-b", "expected=disk-c");
        Peer right = Peer.of(new NodeId("disk-b"), b.transport.address().orElseThrow(), Role.PEER);
        a.transport.connect(right);
        awaitEvent(a, "connected b");
    }

    @Test
    void aProcessThatIsGoneIsNoticedAndItsSuccessorIsConnectedTo() throws Exception {
        TestNode a = node("a");
        TestNode b = node("b");
        Peer peer = b.as(Role.PEER);
        a.transport.connect(peer);
        awaitEvent(a, "connected b session=1");
        b.transport.close();
        awaitEvent(a, "lost b session=1");
        awaitEvent(a, "gone b session=1");
        assertThat(a.events.count("gone")).isEqualTo(1);

        TestNode successor = node(identity("b", 2), settings().listeningOn(peer.address()), Admission.OF_ALL);
        successor.inbound.onRequest(QUESTION, (from, body, timeLeft) -> reply("here again"));
        awaitEvent(a, "newer b 1->2");
        awaitEvent(a, "connected b session=2");
        assertThat(answerOf(a.transport.request(peer, QUESTION, text("?"), LONG)))
                .isEqualTo("here again");
    }

    @Test
    void aClientNoticesThatANodeHasStartedAgain() {
        TestNode client = node(new Identity(Optional.empty(), Role.CLIENT, new NodeId("client-1"), 0, "client"));
        TestNode old = node("b");
        Peer peer = old.as(Role.CLIENT);
        client.transport.connect(peer);
        awaitEvent(client, "connected b session=1");
        old.transport.close();
        node(identity("b", 2), settings().listeningOn(peer.address()), Admission.OF_ALL);
        awaitEvent(client, "newer b 1->2");
        awaitEvent(client, "connected b session=2");
    }

    @Test
    void anOlderProcessOnTheSameDiskLosesItsConnectionsAndIsRefused() {
        TestNode a = node("a");
        TestNode old = node("b");
        old.transport.connect(a.as(Role.PEER));
        a.transport.connect(old.as(Role.PEER));
        awaitEvent(a, "accepted b");
        awaitEvent(a, "connected b session=1");

        TestNode young = node(identity("b", 2));
        young.transport.connect(a.as(Role.PEER));
        awaitEvent(a, "newer b 1->2");
        awaitEvent(old, "lost a");
        awaitEvent(a, "lost b session=1");
        awaitEvent(old, "refused STALE_SESSION");
        awaitEvent(a, "refused STALE_SESSION");
        Refusal refusal = refusalOf(old);
        assertThat(refusal.message()).contains("session=1", "known here=2", "stop this process");
        awaitEvent(young, "connected a");
    }

    @Test
    void nobodyThereIsSaidAtOnce() {
        TestNode a = node("a");
        TestNode b = node("b");
        Peer peer = b.as(Role.PEER);
        b.transport.close();
        a.transport.connect(peer);
        awaitEvent(a, "unreachable");
        await().until(() -> a.transport.send(peer, NOTE, text("x")) == SendResult.NOT_CONNECTED);
        RequestFailedException failure = failureOf(a.transport.request(peer, QUESTION, text("?"), LONG));
        assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(a.events.count("gone")).isZero();
    }

    /** Completes when {@code node} is asked; it never answers. */
    private static CompletableFuture<Void> askedWithoutAnswer(TestNode node) {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        node.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            asked.complete(null);
            return new CompletableFuture<>();
        });
        return asked;
    }

    @Test
    void aLostConnectionFailsWhatWasAskedByIt() {
        TestNode a = node("a");
        TestNode b = node("b");
        CompletableFuture<Void> asked = askedWithoutAnswer(b);
        CompletionStage<ByteBuffer> request = a.transport.request(b.as(Role.PEER), QUESTION, text("?"), LONG);
        asked.join();
        b.transport.close();
        RequestFailedException failure = failureOf(request);
        assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(failure).hasMessageContaining("Connection lost").hasMessageContaining("same request id");
    }

    @Test
    void onceClosedItTakesNothingFailsWhatIsOpenAndLeavesNoThread() {
        TestNode b = node("b");
        TestNode a = node("a");
        CompletableFuture<Void> asked = askedWithoutAnswer(b);
        CompletionStage<ByteBuffer> request = a.transport.request(b.as(Role.PEER), QUESTION, text("?"), LONG);
        asked.join();
        a.transport.close();
        a.transport.close();
        assertThat(failureOf(request).outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, text("x"))).isEqualTo(SendResult.CLOSED);
        assertThat(failureOf(a.transport.request(b.as(Role.PEER), QUESTION, text("?"), LONG))
                        .outcome())
                .isEqualTo(Outcome.NOT_SENT);
        awaitEvent(b, "ended a");
        b.transport.close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("holdfast-net")));
    }

    @Test
    void whatWasSentBeforeTheCloseStillArrives() {
        TestNode a = node("a");
        TestNode b = node("b");
        CompletableFuture<String> arrived = new CompletableFuture<>();
        b.inbound.onMessage(NOTE, (from, body) -> arrived.complete(text(body)));
        a.transport.connect(b.as(Role.PEER));
        awaitEvent(a, "connected b");
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, text("good bye")).isQueued())
                .isTrue();
        a.transport.close();
        assertThat(arrived.orTimeout(LONG.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                        .join())
                .isEqualTo("good bye");
    }
}
