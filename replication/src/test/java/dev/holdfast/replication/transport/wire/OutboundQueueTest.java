package dev.holdfast.replication.transport.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.MessageKind;
import dev.holdfast.replication.transport.Role;
import dev.holdfast.replication.transport.SendResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboundQueueTest {

    private static final MessageKind FEW = MessageKind.of(1, "few", Role.PEER).withQueue(4, 1_000_000);
    private static final MessageKind SMALL =
            MessageKind.of(2, "small", Role.PEER).withQueue(100, 10);
    private static final MessageKind NEWEST =
            MessageKind.of(3, "newest", Role.PEER).withQueue(2, 1_000).droppingOldest();

    private final List<String> discarded = new ArrayList<>();
    private final OutboundQueue<String> queue = new OutboundQueue<>(String::length, discarded::add);

    @BeforeEach
    void open() {
        queue.open();
    }

    private List<String> drain() {
        List<String> drained = new ArrayList<>();
        for (String next = queue.poll(); next != null; next = queue.poll()) {
            drained.add(next);
        }
        return drained;
    }

    @Test
    void aKindTakesSoManyAndNoMore() {
        for (int i = 0; i < 4; i++) {
            assertThat(queue.offer(FEW, "m" + i)).isEqualTo(SendResult.QUEUED);
        }
        assertThat(queue.offer(FEW, "m4")).isEqualTo(SendResult.FULL);
        assertThat(queue.glance(FEW, 1)).isEqualTo(SendResult.FULL);
        assertThat(queue.glance(SMALL, 1)).isEqualTo(SendResult.QUEUED);
        assertThat(drain()).containsExactly("m0", "m1", "m2", "m3");
        assertThat(discarded).isEmpty();
    }

    @Test
    void bytesCountAndASingleLargeOnePasses() {
        assertThat(queue.offer(SMALL, "x".repeat(50))).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(SMALL, "y")).isEqualTo(SendResult.FULL);
        assertThat(drain()).hasSize(1);
        assertThat(queue.offer(SMALL, "12345678")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(SMALL, "90")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(SMALL, "!")).isEqualTo(SendResult.FULL);
    }

    @Test
    void whoWasRefusedIsToldOnceWhenHalfIsGone() {
        for (int i = 0; i < 4; i++) {
            queue.offer(FEW, "m" + i);
        }
        assertThat(queue.poll()).isEqualTo("m0");
        assertThat(queue.takeRelieved()).as("nobody was refused").isEmpty();
        queue.offer(FEW, "m4");
        queue.offer(FEW, "refused");
        queue.poll();
        assertThat(queue.takeRelieved()).as("three of four wait").isEmpty();
        queue.poll();
        assertThat(queue.takeRelieved()).containsExactly(FEW);
        queue.poll();
        assertThat(queue.takeRelieved()).isEmpty();
    }

    @Test
    void theNewestStayWhereTheKindSaysSo() {
        assertThat(queue.offer(NEWEST, "a")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(NEWEST, "b")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(NEWEST, "c")).isEqualTo(SendResult.QUEUED_DROPPING_OLDER);
        assertThat(discarded).containsExactly("a");
        assertThat(drain()).containsExactly("b", "c");
    }

    @Test
    void kindsTakeTurns() {
        String bulk = "x".repeat(50_000);
        for (int i = 0; i < 4; i++) {
            queue.offer(FEW, bulk);
        }
        queue.offer(NEWEST, "n");
        List<String> order = drain();
        assertThat(order.indexOf("n")).isBetween(1, 2);
        assertThat(order).hasSize(5);
    }

    @Test
    void kindsOfOneLineGoOutInTheOrderTheyCameIn() {
        MessageKind beside = MessageKind.of(77, "beside", Role.PEER).inLineWith(FEW);
        assertThat(queue.offer(FEW, "call 1")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(beside, "await 2")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(FEW, "call 3")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(beside, "await 4")).isEqualTo(SendResult.QUEUED);
        assertThat(queue.offer(beside, "one too many")).isEqualTo(SendResult.FULL);
        assertThat(drain()).containsExactly("call 1", "await 2", "call 3", "await 4");
        assertThat(queue.takeRelieved()).containsExactly(beside);
    }

    @Test
    void whileItIsClosedNothingIsTakenAndWhatWaitedIsDiscarded() {
        queue.offer(FEW, "a");
        queue.offer(NEWEST, "b");
        queue.close();
        assertThat(discarded).containsExactlyInAnyOrder("a", "b");
        assertThat(queue.offer(FEW, "c")).isEqualTo(SendResult.NOT_CONNECTED);
        assertThat(queue.glance(FEW, 1)).isEqualTo(SendResult.NOT_CONNECTED);
        assertThat(queue.poll()).isNull();
        queue.open();
        assertThat(queue.offer(FEW, "d")).isEqualTo(SendResult.QUEUED);
        assertThat(drain()).containsExactly("d");
    }
}
