package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.wire.Frame;
import dev.holdfast.replication.transport.wire.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;

/** Makes frames, on the thread that sends: header, body and checksum in one pooled buffer. */
final class FrameWriter {

    static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    /** In front of the body of a request: milliseconds that are left of its time. */
    static final int TIME_LEFT_BYTES = 4;

    private FrameWriter() {}

    /** A frame of any type but a request. */
    static ByteBuf frame(FrameType type, int kind, long correlation, Body body) {
        return write(type, kind, correlation, body, -1);
    }

    /** @param timeLeftMs cut to 32 bits */
    static ByteBuf request(int kind, long correlation, Body body, long timeLeftMs) {
        return write(FrameType.REQUEST, kind, correlation, body, Math.min(timeLeftMs, Integer.MAX_VALUE));
    }

    /** Bytes of a frame; more than fits an {@code int} is possible. */
    static long totalBytes(FrameType type, int bodyBytes) {
        return (long) Frame.HEADER_BYTES + (type == FrameType.REQUEST ? TIME_LEFT_BYTES : 0) + bodyBytes;
    }

    private static ByteBuf write(FrameType type, int kind, long correlation, Body body, long timeLeftMs) {
        int bytes = body.sizeBytes();
        int total = Math.toIntExact(totalBytes(type, bytes));
        ByteBuf frame = ALLOCATOR.directBuffer(total, total);
        try {
            ByteBuffer nio = frame.internalNioBuffer(0, total);
            int at = nio.position();
            int bodyAt = Frame.HEADER_BYTES;
            if (type == FrameType.REQUEST) {
                nio.putInt(at + bodyAt, (int) timeLeftMs);
                bodyAt += TIME_LEFT_BYTES;
            }
            ByteBuffer target = nio.slice(at + bodyAt, bytes);
            body.writeTo(target);
            if (target.hasRemaining()) {
                throw new IllegalStateException("A body wrote less than it said: said=" + bytes + ", left="
                        + target.remaining() + "; its sizeBytes() has to be exact");
            }
            Frame.seal(nio, type, kind, correlation);
            frame.writerIndex(total);
            return frame;
        } catch (RuntimeException | Error e) {
            frame.release();
            throw e;
        }
    }
}
