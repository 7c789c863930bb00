package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.wire.PendingRequests.Pending;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A frame that waits to be written; whoever has it releases it.
 *
 * @param request what it asks; null for a message
 */
record Outgoing(ByteBuf frame, @Nullable Pending request) {

    int sizeBytes() {
        return frame.readableBytes();
    }
}
