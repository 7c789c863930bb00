package dev.holdfast.replication.transport;

import java.nio.ByteBuffer;

/**
 * The bytes of a message, written where they are sent from, so that an encoder needs no buffer of its own. Asked for on the
 * thread that sends, once, before the call returns: what it reads may change afterwards.
 */
public interface Body {

    /** No bytes. */
    Body EMPTY = of(ByteBuffer.allocate(0));

    /** Exactly what {@link #writeTo} writes; from 0. */
    int sizeBytes();

    /** Writes the bytes at {@code target}'s position, big endian unless it says otherwise itself. */
    void writeTo(ByteBuffer target);

    /** What remains in {@code bytes} when it is sent; its position stays. */
    static Body of(ByteBuffer bytes) {
        return new Body() {
            @Override
            public int sizeBytes() {
                return bytes.remaining();
            }

            @Override
            public void writeTo(ByteBuffer target) {
                target.put(bytes.duplicate());
            }
        };
    }

    /** All of {@code bytes}. */
    static Body of(byte[] bytes) {
        return of(ByteBuffer.wrap(bytes));
    }
}
