package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.TransportSettings;
import dev.holdfast.replication.transport.wire.BadFrameException;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes in into frames. A whole frame is delivered where it was read to, without a copy; one in pieces is put
 * together in a buffer that grows with what has arrived, never with what a length promises. Stops between two frames while
 * paused, which a decoder of Netty's would not, and for ever at the first bad one.
 */
final class FrameReader extends ChannelInboundHandlerAdapter {

    /** Takes frames, on the connection's thread. */
    interface Sink {
        /** @param body gone when this returns */
        void onFrame(FrameType type, int kind, long correlation, ByteBuffer body);

        void onBadFrame(BadFrameException bad);

        /** What has arrived is delivered, as far as it is to be. */
        default void onRead() {}
    }

    private static final int FIRST_BYTES = 1024;

    private final Sink sink;
    private final Silence silence;
    private final Counters counters;
    private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>();

    private int limit = TransportSettings.MAX_FRAME_BEFORE_ADMISSION;
    private @Nullable ChannelHandlerContext context;
    private boolean paused;
    private boolean ended;
    private boolean reading;
    /** A frame in pieces, and how many bytes it needs; those of its header, as long as that is not whole. */
    private @Nullable ByteBuf partial;

    private int neededBytes;

    /** @param silence told of what is heard */
    FrameReader(Sink sink, Silence silence, Counters counters) {
        this.sink = sink;
        this.silence = silence;
        this.counters = counters;
    }

    /** Takes frames of up to {@code maxFrameBytes} from here on. */
    void admit(int maxFrameBytes) {
        limit = maxFrameBytes;
    }

    /** On the connection's thread. */
    void pause(boolean wanted) {
        paused = wanted;
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ended) {
            ctx.channel().config().setAutoRead(!wanted);
            read(ctx);
        }
    }

    /** Whether a frame has begun and not ended. */
    boolean isAmidFrame() {
        return partial != null;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (ended) {
            bytes.release();
            return;
        }
        silence.heard();
        arrived.add(bytes);
        read(ctx);
    }

    private void read(ChannelHandlerContext ctx) {
        if (reading) {
            return; // a handler resumed the connection that it was called for
        }
        reading = true;
        try {
            ByteBuf bytes = arrived.peek();
            while (bytes != null && !paused && !ended) {
                if (bytes.isReadable()) {
                    step(ctx, bytes);
                } else {
                    arrived.remove().release();
                    bytes = arrived.peek();
                }
            }
        } catch (BadFrameException e) {
            end();
            counters.damaged.increment();
            sink.onBadFrame(e);
        } finally {
            reading = false;
            sink.onRead();
        }
        if (ended) {
            releaseAll();
        }
    }

    private void step(ChannelHandlerContext ctx, ByteBuf in) throws BadFrameException {
        ByteBuf pieces = partial;
        if (pieces == null) {
            int have = in.readableBytes();
            neededBytes = Frame.HEADER_BYTES;
            if (have >= Frame.HEADER_BYTES) {
                neededBytes = totalBytes(in);
                if (have >= neededBytes) {
                    int at = in.readerIndex();
                    in.skipBytes(neededBytes);
                    deliver(in, at, neededBytes);
                    return;
                }
            }
            pieces = ctx.alloc().directBuffer(Math.min(neededBytes, Math.max(FIRST_BYTES, have)));
            partial = pieces;
        }
        collect(pieces, in);
        if (pieces.readableBytes() == Frame.HEADER_BYTES) {
            neededBytes = totalBytes(pieces);
        }
        if (pieces.readableBytes() == neededBytes) {
            partial = null;
            try {
                deliver(pieces, pieces.readerIndex(), neededBytes);
            } finally {
                pieces.release();
            }
        }
    }

    private int totalBytes(ByteBuf in) throws BadFrameException {
        return Frame.totalBytes(in.internalNioBuffer(in.readerIndex(), Frame.HEADER_BYTES), limit);
    }

    private void collect(ByteBuf pieces, ByteBuf in) {
        int bytes = Math.min(neededBytes - pieces.readableBytes(), in.readableBytes());
        int least = pieces.readableBytes() + bytes;
        if (pieces.capacity() < least) {
            pieces.capacity(Math.max(least, (int) Math.min(neededBytes, 2L * pieces.capacity())));
        }
        pieces.writeBytes(in, bytes);
    }

    private void deliver(ByteBuf from, int at, int total) throws BadFrameException {
        ByteBuffer frame = from.internalNioBuffer(at, total);
        Frame.verify(frame);
        FrameType type = Frame.knownType(frame);
        int kind = Frame.kind(frame);
        long correlation = Frame.correlation(frame);
        counters.framesReceived.increment();
        sink.onFrame(type, kind, correlation, from.nioBuffer(at + Frame.HEADER_BYTES, total - Frame.HEADER_BYTES));
    }

    /** Delivers nothing more. */
    void end() {
        ended = true;
        if (!reading) {
            releaseAll();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    private void releaseAll() {
        for (ByteBuf bytes = arrived.poll(); bytes != null; bytes = arrived.poll()) {
            bytes.release();
        }
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
