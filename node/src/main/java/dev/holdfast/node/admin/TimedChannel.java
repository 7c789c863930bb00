package dev.holdfast.node.admin;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * Streams over a connection that give up when nothing moves for a while. One thread uses it; any may close it, which ends a
 * wait under way.
 */
final class TimedChannel implements Closeable {

    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private final long idleMillis;
    /** Of the nano clock: when all reading has to be over. */
    private final long readUntil;

    /**
     * Owns {@code channel} from here on.
     *
     * @param idleMillis longest wait for the other side in one read or write
     * @param readMillis longest time for everything that is read, from now on
     */
    TimedChannel(SocketChannel channel, long idleMillis, long readMillis) throws IOException {
        this.channel = channel;
        this.idleMillis = idleMillis;
        this.readUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(readMillis);
        channel.configureBlocking(false);
        this.selector = Selector.open();
        this.key = channel.register(selector, 0);
    }

    private void await(int operation, long millis) throws IOException {
        try {
            key.interestOps(operation);
            if (millis <= 0 || (selector.select(millis) == 0)) {
                throw new SocketTimeoutException("The other side was silent: millis=" + idleMillis);
            }
            selector.selectedKeys().clear();
        } catch (ClosedSelectorException | java.nio.channels.CancelledKeyException closed) {
            throw new IOException("The connection was closed", closed);
        }
    }

    private int read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        while (count == 0 && into.hasRemaining()) {
            long left = TimeUnit.NANOSECONDS.toMillis(readUntil - System.nanoTime());
            await(SelectionKey.OP_READ, Math.min(left, idleMillis));
            count = channel.read(into);
        }
        return count;
    }

    private void write(ByteBuffer from) throws IOException {
        while (from.hasRemaining()) {
            if (channel.write(from) == 0) {
                await(SelectionKey.OP_WRITE, idleMillis);
            }
        }
    }

    InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return TimedChannel.this.read(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                TimedChannel.this.write(ByteBuffer.wrap(bytes, offset, length));
            }
        };
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }
}
