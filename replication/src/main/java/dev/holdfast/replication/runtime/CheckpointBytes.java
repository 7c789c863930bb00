package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Content;

/** A piece of a checkpoint's file. The array is not copied and must not be changed. */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
record CheckpointBytes(byte[] content) implements Content {

    @Override
    public long bytes() {
        return content.length;
    }
}
