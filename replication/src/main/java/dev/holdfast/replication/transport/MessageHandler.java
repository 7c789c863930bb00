package dev.holdfast.replication.transport;

import java.nio.ByteBuffer;

/** Takes messages of one kind, one at a time per connection, in the order they were sent. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Must not block: called by a thread of the network that others wait for. What it throws is logged, the connection goes on.
     *
     * @param body big endian; gone when this returns, so copy what is to stay
     */
    void onMessage(Caller from, ByteBuffer body);
}
