package dev.holdfast.node.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AcceptLoopTest {

    private static final Path FILE = Path.of("admin.sock");

    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<SocketChannel> taken = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void aShortageOfDescriptorsDoesNotMakeTheNodeDeafForEver() throws Exception {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            long begun = System.nanoTime();
            new AcceptLoop(
                            FILE,
                            () -> switch (calls.incrementAndGet()) {
                                case 1, 2 -> throw new IOException("Too many open files");
                                case 3 -> connection;
                                default -> throw new ClosedChannelException();
                            },
                            taken::add,
                            closed)
                    .run();
            assertThat(taken).containsExactly(connection);
            assertThat(calls).hasValue(4);
            assertThat(System.nanoTime() - begun)
                    .as("it waits between two tries")
                    .isGreaterThanOrEqualTo(300_000_000L);
        }
    }

    @Test
    void aCloseEndsThePauseBetweenTwoTries() {
        new AcceptLoop(
                        FILE,
                        () -> {
                            if (calls.incrementAndGet() > 1) {
                                throw new AssertionError("It goes on after the close");
                            }
                            closed.countDown();
                            throw new IOException("Too many open files");
                        },
                        taken::add,
                        closed)
                .run();
        assertThat(calls).hasValue(1);
        assertThat(taken).isEmpty();
    }
}
