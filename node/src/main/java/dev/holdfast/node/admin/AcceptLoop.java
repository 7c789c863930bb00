package dev.holdfast.node.admin;

import dev.holdfast.config.ErrorCode;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts connections for as long as there is somebody to give them to. What fails for a while, such as an accept when the
 * process has no file descriptor left, is tried again, more and more seldom: one shortage must not make a node deaf for ever.
 */
final class AcceptLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptLoop.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** Where connections come from. */
    interface Source {
        /** @throws ClosedChannelException there will be no more */
        SocketChannel accept() throws IOException;
    }

    private final Path file;
    private final Source source;
    private final Consumer<SocketChannel> taker;
    private final CountDownLatch closed;

    /**
     * @param file for messages
     * @param taker must not wait, nor throw
     * @param closed ends the loop, and a pause under way
     */
    AcceptLoop(Path file, Source source, Consumer<SocketChannel> taker, CountDownLatch closed) {
        this.file = file;
        this.source = source;
        this.taker = taker;
        this.closed = closed;
    }

    /** Returns when {@code closed} or the source has ended. */
    @Override
    public void run() {
        long pauseMillis = 0;
        while (closed.getCount() > 0) {
            SocketChannel accepted;
            try {
                accepted = source.accept();
            } catch (ClosedChannelException ended) {
                return;
            } catch (IOException e) {
                if (pauseMillis == 0) {
                    LOG.warn(
                            ErrorCode.ADMIN_SOCKET_FAILED.says(
                                    "The console can not see this node for now, it is tried again: file={}"),
                            file,
                            e);
                }
                pauseMillis = Math.min(Math.max(2 * pauseMillis, FIRST_PAUSE_MILLIS), LONGEST_PAUSE_MILLIS);
                if (!pause(pauseMillis)) {
                    return;
                }
                continue;
            }
            pauseMillis = 0;
            taker.accept(accepted);
        }
    }

    /** Whether to go on. */
    private boolean pause(long millis) {
        try {
            return !closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
