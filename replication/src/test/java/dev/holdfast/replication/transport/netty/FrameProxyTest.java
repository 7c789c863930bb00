package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.FrameProxy;
import dev.holdfast.replication.transport.FrameProxy.Faults;
import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The faults are those they claim to be, and the transport keeps its word under each. */
@ExtendWith(LeakCheck.class)
class FrameProxyTest extends TransportFixture {

    private static final long SEED = 20261129;
    private static final MessageKind OTHER = MessageKind.of(14, "other", Role.PEER);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private TestNode a;
    private FrameProxy proxy;
    private Peer peer;

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    @BeforeEach
    void connectThroughAProxy() throws Exception {
        a = node("a");
        TestNode b = node("b");
        b.inbound.onMessage(NOTE, (from, body) -> seen.add(text(body)));
        b.inbound.onMessage(OTHER, (from, body) -> seen.add("other " + text(body)));
        b.inbound.onRequest(QUESTION, (from, body, timeLeft) -> {
            seen.add("asked " + text(body));
            return reply("re: " + text(body));
        });
        proxy = new FrameProxy(b.transport.address().orElseThrow(), SEED);
        peer = Peer.at(proxy.address(), Role.PEER);
        a.transport.connect(peer);
        awaitEvent(a, "connected b");
    }

    @AfterEach
    void closeProxy() throws Exception {
        proxy.close();
    }

    private void send(String text) {
        assertThat(a.transport.send(peer, NOTE, text(text)).isQueued()).isTrue();
    }

    private String ask(String text) throws Exception {
        return answerOf(a.transport.request(peer, QUESTION, text(text), LONG));
    }

    private RequestFailedException askInVain(String text) {
        return failureOf(a.transport.request(peer, QUESTION, text(text), SHORT));
    }

    @Test
    void withoutFaultsItIsNotNoticed() throws Exception {
        send("one");
        assertThat(ask("two")).isEqualTo("re: two");
        assertThat(seen).containsExactly("one", "asked two");
    }

    @Test
    void aDelayDelays() throws Exception {
        proxy.toTarget(Faults.delaying(SHORT));
        long start = System.nanoTime();
        assertThat(ask("late")).isEqualTo("re: late");
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void whatIsLostIsMissedByItsDeadlineOnly() throws Exception {
        proxy.toTarget(Faults.losing(1));
        assertThat(askInVain("lost").outcome()).isEqualTo(Outcome.UNKNOWN);
        proxy.heal();
        assertThat(ask("again")).isEqualTo("re: again");
        assertThat(seen).containsExactly("asked again");
        assertThat(a.events.count("lost")).isZero();
    }

    @Test
    void aLostAnswerLeavesTheEffect() {
        proxy.fromTarget(Faults.losing(1));
        assertThat(askInVain("answer lost").outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(seen).containsExactly("asked answer lost");
    }

    @Test
    void aSecondAnswerToOneRequestIsIgnored() throws Exception {
        proxy.fromTarget(Faults.repeating(1));
        assertThat(ask("once")).isEqualTo("re: once");
        assertThat(ask("twice")).isEqualTo("re: twice");
        proxy.toTarget(Faults.repeating(1));
        send("double");
        await().untilAsserted(() -> assertThat(seen).endsWith("double", "double"));
    }

    @Test
    void silenceInOneDirectionIsNoEnd() throws Exception {
        proxy.fromTarget(Faults.SILENCE);
        send("heard");
        assertThat(askInVain("unanswered").outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(seen).containsExactly("heard", "asked unanswered");
        proxy.heal();
        assertThat(ask("healed")).isEqualTo("re: healed");
    }

    @Test
    void anotherOrderIsNeverAnotherOrderOfOneKind() {
        proxy.toTarget(Faults.reordering(0.5));
        for (int i = 0; i < 200; i++) {
            send("n" + (1000 + i));
            a.transport.send(peer, OTHER, text("o" + (1000 + i)));
        }
        await().until(() -> seen.size() == 400);
        assertThat(seen.stream().filter(text -> text.startsWith("n")).toList())
                .isSorted()
                .hasSize(200);
        assertThat(seen.stream().filter(text -> text.startsWith("other")).toList())
                .isSorted()
                .hasSize(200);
    }

    @Test
    void damageEndsTheConnectionAndIsNeverDelivered() throws Exception {
        proxy.toTarget(Faults.damaging(1));
        send("harmed");
        awaitEvent(a, "lost b");
        proxy.heal();
        await().until(() -> a.transport.connected(peer).isPresent());
        assertThat(ask("whole")).isEqualTo("re: whole");
        assertThat(seen).containsExactly("asked whole");
    }

    @Test
    void aCutConnectionIsMadeAgain() throws Exception {
        proxy.cutConnections();
        awaitEvent(a, "lost b");
        await().until(() -> a.events.count("connected b") == 2);
        assertThat(ask("again")).isEqualTo("re: again");
        assertThat(a.events.count("gone")).isZero();
    }

    @Test
    void aPeerThatFallsSilentIsGivenUp() {
        TransportSettings.Times hasty = new TransportSettings.Times(
                SHORT, SHORT, Duration.ofMillis(50), settings().times().backoff(), SHORT);
        TestNode c = node(
                identity("c", 1), settings().withTimes(hasty), dev.holdfast.replication.transport.Admission.OF_ALL);
        c.transport.connect(peer);
        awaitEvent(c, "connected b");
        proxy.fromTarget(Faults.SILENCE);
        awaitEvent(c, "lost b session=1 nothing was heard");
        awaitEvent(c, "unreachable no handshake in time");
    }
}
