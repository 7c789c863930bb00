package dev.holdfast.replication.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Answers that wait for one connection. Added by any thread, taken by the connection's. */
final class Replies {

    private final Channel channel;
    private final long maxBytes;
    private final Runnable drain;
    private final Runnable onOverflow;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean drainIsDue;
    private boolean closed;

    /**
     * @param drain asked for, on the connection's thread, when something waits
     * @param onOverflow called on the connection's thread when more than {@code maxBytes} wait
     */
    Replies(Channel channel, long maxBytes, Runnable drain, Runnable onOverflow) {
        this.channel = channel;
        this.maxBytes = maxBytes;
        this.drain = drain;
        this.onOverflow = onOverflow;
    }

    void add(ByteBuf frame) {
        Runnable next;
        synchronized (this) {
            if (closed) {
                frame.release();
                return;
            }
            waiting.add(frame);
            bytes += frame.readableBytes();
            boolean tooMany = bytes > maxBytes;
            if (drainIsDue && !tooMany) {
                return;
            }
            drainIsDue = true;
            next = tooMany ? onOverflow : drain;
        }
        channel.eventLoop().execute(next);
    }

    /** Before polling: from here on an addition asks again. */
    synchronized void draining() {
        drainIsDue = false;
    }

    synchronized @Nullable ByteBuf poll() {
        ByteBuf frame = waiting.poll();
        if (frame != null) {
            bytes -= frame.readableBytes();
        }
        return frame;
    }

    synchronized void close() {
        closed = true;
        waiting.forEach(ByteBuf::release);
        waiting.clear();
    }
}
