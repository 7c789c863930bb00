package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;

/** What a message is on the other side of a wire. */
public final class WireCopy {

    private WireCopy() {}

    public static Message of(PartitionId partition, Message message) {
        try {
            Body body = MessageWriter.write(new Envelope(partition, message));
            ByteBuffer bytes = ByteBuffer.allocate(body.sizeBytes());
            body.writeTo(bytes);
            return MessageReader.read(bytes.flip()).message();
        } catch (MessageFormatException e) {
            throw new AssertionError("Its own message could not be read", e);
        }
    }
}
