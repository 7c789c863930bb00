package dev.holdfast.replication.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Identity;
import dev.holdfast.replication.transport.Surroundings;
import dev.holdfast.replication.transport.Transport;
import dev.holdfast.replication.transport.TransportFixture;
import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Those who connect, are admitted, and do not read what they are sent. */
@ExtendWith(LeakCheck.class)
class BackPressureTest extends TransportFixture {

    /** More than all buffers between the two hold. */
    private static final long A_LOT_OF_BYTES = 32L * 1024 * 1024;

    private static final byte[] PINGS = repeated(WildConnection.frame(FrameType.PING, 0, 0, Body.EMPTY), 1024);

    @Override
    protected Transport start(TransportSettings settings, Surroundings surroundings) {
        return NettyTransport.start(settings, surroundings);
    }

    private static Identity somebody() {
        return identity("somebody", 1);
    }

    private static byte[] repeated(byte[] frame, int times) {
        byte[] all = Arrays.copyOf(frame, frame.length * times);
        for (int i = 1; i < times; i++) {
            System.arraycopy(frame, 0, all, i * frame.length, frame.length);
        }
        return all;
    }

    @Test
    void whoPingsAndDoesNotReadIsNotReadUntilItDoes() throws Exception {
        TestNode node = node("node");
        try (WildConnection wild = new WildConnection(node.transport.address().orElseThrow())) {
            wild.admitted(somebody());
            AtomicBoolean allWritten = flood(wild);
            awaitStandstill(node);
            assertThat(allWritten).isFalse();
            long stoppedAt = received(node);
            while (received(node) == stoppedAt) {
                assertThat(wild.read().map(Frame::knownType)).contains(FrameType.PONG);
            }
        }
    }

    /** Writes, on a thread of its own, more than the buffers between the two hold; ends with the connection. */
    private static AtomicBoolean flood(WildConnection wild) {
        AtomicBoolean allWritten = new AtomicBoolean();
        Thread thread = new Thread(
                () -> {
                    try {
                        for (long bytes = 0; bytes < A_LOT_OF_BYTES; bytes += PINGS.length) {
                            wild.write(PINGS);
                        }
                        allWritten.set(true);
                    } catch (IOException e) {
                        // the test is over
                    }
                },
                "flood");
        thread.setDaemon(true);
        thread.start();
        return allWritten;
    }

    private static long received(TestNode node) {
        return node.transport.stats().framesReceived();
    }

    private static void awaitStandstill(TestNode node) {
        AtomicLong before = new AtomicLong(-1);
        await().during(Duration.ofSeconds(1)).until(() -> before.getAndSet(received(node)) == before.get());
    }
}
