package dev.holdfast.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class LoopbackTransportTest extends TransportContract {

    private final LoopbackNetwork network = new LoopbackNetwork();

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return network.start(settings, surroundings);
    }

    @Test
    void aCutLosesWhatIsSaidInOneDirectionOnly() throws Exception {
        TestNode a = node("a");
        TestNode b = node("b");
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        b.inbound.onMessage(NOTE, (from, body) -> seen.add(text(body)));
        a.inbound.onRequest(QUESTION, (from, body, timeLeft) -> reply("heard"));
        a.transport.connect(b.as(Role.PEER));
        awaitEvent(a, "connected b");
        network.cut(a.identity.node(), b.identity.node());
        assertThat(a.transport.send(b.as(Role.PEER), NOTE, text("lost"))).isEqualTo(SendResult.QUEUED);
        RequestFailedException failure =
                failureOf(b.transport.request(a.as(Role.PEER), QUESTION, text("?"), Duration.ofMillis(200)));
        assertThat(failure.outcome()).as("it is heard, and its answer is not").isEqualTo(Outcome.UNKNOWN);
        network.heal();
        a.transport.send(b.as(Role.PEER), NOTE, text("arrives"));
        await().untilAsserted(() -> assertThat(seen).containsExactly("arrives"));
        assertThat(answerOf(b.transport.request(a.as(Role.PEER), QUESTION, text("?"), LONG)))
                .isEqualTo("heard");
    }
}
