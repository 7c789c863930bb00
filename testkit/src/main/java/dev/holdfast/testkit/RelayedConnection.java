package dev.holdfast.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One connection through a relay: bytes are taken from one side and given to the other, in each direction as long as it is not
 * cut. Of the network's thread.
 */
final class RelayedConnection {

    private static final int BUFFER = 64 * 1024;

    private final Direction direction;
    private final InetSocketAddress target;
    private final Selector selector;
    private final Predicate<Direction> cut;
    private final Consumer<RelayedConnection> onClosed;
    private final SocketChannel front;
    private final ByteBuffer there = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer back = ByteBuffer.allocate(BUFFER);

    /** Null until the way was open in both directions: who connects over a cut hears nothing. */
    private @Nullable SocketChannel rear;

    private boolean frontEnded;
    private boolean rearEnded;

    RelayedConnection(
            Direction direction,
            SocketChannel front,
            InetSocketAddress target,
            Selector selector,
            Predicate<Direction> cut,
            Consumer<RelayedConnection> onClosed)
            throws IOException {
        this.direction = direction;
        this.front = front;
        this.target = target;
        this.selector = selector;
        this.cut = cut;
        this.onClosed = onClosed;
        prepare(front);
        front.register(selector, 0, (Runnable) this::move);
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Moves what can be moved, and waits for what can not. */
    void move() {
        boolean opened = !cut.test(direction);
        boolean answered = !cut.test(direction.back());
        try {
            SocketChannel to = rear;
            if (to == null) {
                if (!opened || !answered) {
                    return;
                }
                to = connect();
            }
            if (to.isConnectionPending() && !to.finishConnect()) {
                return;
            }
            if (opened) {
                frontEnded |= move(front, there, to);
            }
            if (answered) {
                rearEnded |= move(to, back, front);
            }
            if ((frontEnded && opened && there.position() == 0) || (rearEnded && answered && back.position() == 0)) {
                close();
                return;
            }
            await(front, opened && !frontEnded && there.hasRemaining(), answered && back.position() > 0);
            await(to, answered && !rearEnded && back.hasRemaining(), opened && there.position() > 0);
        } catch (IOException e) {
            close(); // one side is gone; what it was to hear is of no use to anybody
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel to = SocketChannel.open();
        rear = to;
        prepare(to);
        to.connect(target);
        to.register(selector, SelectionKey.OP_CONNECT, (Runnable) this::move);
        return to;
    }

    /** Returns whether {@code from} has ended. */
    private static boolean move(SocketChannel from, ByteBuffer buffer, SocketChannel to) throws IOException {
        while (true) {
            int read = buffer.hasRemaining() ? from.read(buffer) : 0;
            buffer.flip();
            int written = to.write(buffer);
            buffer.compact();
            if (read < 0) {
                return true;
            }
            if (read == 0 && written == 0) {
                return false;
            }
        }
    }

    private void await(SocketChannel channel, boolean reads, boolean writes) {
        SelectionKey key = channel.keyFor(selector);
        if (key != null && key.isValid()) {
            key.interestOps((reads ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0));
        }
    }

    /** The process of {@code member}, one of the two, is gone; the other hears of it unless that way is cut. */
    void gone(int member) {
        there.clear();
        back.clear();
        if (member == direction.from()) {
            frontEnded = true;
        } else {
            rearEnded = true;
        }
        Direction news = member == direction.from() ? direction : direction.back();
        if (!cut.test(news)) {
            close();
        }
    }

    void close() {
        onClosed.accept(this);
        closeQuietly(front);
        SocketChannel to = rear;
        if (to != null) {
            closeQuietly(to);
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }
}
