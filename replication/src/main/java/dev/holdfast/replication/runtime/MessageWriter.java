package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.EpochEnd;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.MessageHandler;
import dev.holdfast.replication.protocol.Records;
import dev.holdfast.replication.protocol.StreamId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes messages as {@code docs/wire-protocol.md} draws them: fixed fields, then what is long, which is not copied. One
 * thread, for one message.
 */
final class MessageWriter implements MessageHandler {

    static final int VERSION = 1;
    static final int MAX_DETAIL_BYTES = 4096;

    private static final byte[] NOTHING = {};

    private final PartitionId partition;
    private ByteBuffer head = ByteBuffer.allocate(128);
    private byte[] tail = NOTHING;

    private MessageWriter(PartitionId partition) {
        this.partition = partition;
    }

    /** The message's bytes, to be sent at once. */
    static Body write(Envelope envelope) {
        MessageWriter writer = new MessageWriter(envelope.partition());
        envelope.message().dispatchTo(writer);
        return writer.body();
    }

    private Body body() {
        ByteBuffer first = head.flip();
        byte[] second = tail;
        return new Body() {
            @Override
            public int sizeBytes() {
                return first.remaining() + second.length;
            }

            @Override
            public void writeTo(ByteBuffer target) {
                target.put(first.duplicate()).put(second);
            }
        };
    }

    @Override
    public void beacon(Message.Beacon message) {
        begin(MessageType.BEACON, message);
        putLong(message.stamp().sentAtNanos());
    }

    @Override
    public void append(Message.Append message) {
        begin(MessageType.APPEND, message);
        putEnd(message.run().before());
        putEnd(message.run().after());
        putLong(message.committed().value());
        tail = documents(message.run().records());
    }

    @Override
    public void committed(Message.Committed message) {
        begin(MessageType.COMMITTED, message);
        putLong(message.committed().value());
    }

    @Override
    public void followAccepted(Message.FollowAccepted message) {
        begin(MessageType.FOLLOW_ACCEPTED, message);
        putStream(message.stream());
        putEnd(message.from());
        putLong(message.committed().value());
        putLong(message.version().value());
        putFlag(message.learner());
    }

    @Override
    public void truncateTo(Message.TruncateTo message) {
        begin(MessageType.TRUNCATE_TO, message);
        putEnd(message.yourEnd());
        putLong(message.to().value());
    }

    @Override
    public void followAgain(Message.FollowAgain message) {
        begin(MessageType.FOLLOW_AGAIN, message);
    }

    @Override
    public void historiesDiffer(Message.HistoriesDiffer message) {
        begin(MessageType.HISTORIES_DIFFER, message);
        byte[] detail = message.detail().getBytes(StandardCharsets.UTF_8);
        tail = detail.length > MAX_DETAIL_BYTES ? Arrays.copyOf(detail, MAX_DETAIL_BYTES) : detail;
    }

    @Override
    public void checkpointNeeded(Message.CheckpointNeeded message) {
        begin(MessageType.CHECKPOINT_NEEDED, message);
        putStream(message.stream());
    }

    @Override
    public void checkpointPart(Message.CheckpointPart message) {
        begin(MessageType.CHECKPOINT_PART, message);
        putPlace(message.chunk().place());
        putFlag(message.chunk().last());
        tail = ((CheckpointBytes) message.chunk().content()).content();
    }

    @Override
    public void follow(Message.Follow message) {
        begin(MessageType.FOLLOW, message);
        putStream(message.stream());
        putEnd(message.end());
        putFlag(message.suspect());
        room(Short.BYTES).putShort((short) message.history().size());
        for (EpochEnd each : message.history()) {
            putEnd(each.end());
        }
    }

    @Override
    public void ack(Message.Ack message) {
        begin(MessageType.ACK, message);
        putStream(message.stream());
        putLong(message.acknowledged().value());
        putLong(message.committed().value());
    }

    @Override
    public void beaconAck(Message.BeaconAck message) {
        begin(MessageType.BEACON_ACK, message);
        putLong(message.stamp().sentAtNanos());
    }

    @Override
    public void checkpointWanted(Message.CheckpointWanted message) {
        begin(MessageType.CHECKPOINT_WANTED, message);
        putPlace(message.place());
    }

    @Override
    public void refused(Message.Refused message) {
        begin(MessageType.REFUSED, message);
    }

    @Override
    public void suspectEnd(Message.SuspectEnd message) {
        begin(MessageType.SUSPECT_END, message);
        putLong(message.version().value());
        putEnd(message.end());
    }

    /** The bytes of records that a log has. */
    static byte[] documents(Records records) {
        return records instanceof OwnRecords own
                ? own.appended().run().documents()
                : ((CopiedRecords) records).run().documents();
    }

    private void begin(MessageType type, Message message) {
        head.put((byte) VERSION).put((byte) type.code()).putShort((short) partition.value());
        head.putLong(message.epoch().value());
    }

    private void putStream(StreamId stream) {
        putLong(stream.askedAtNanos());
    }

    private void putPlace(CheckpointPlace place) {
        putEnd(place.at());
        putLong(place.offsetBytes());
    }

    private void putEnd(LogEnd end) {
        putLong(end.lsn().value());
        putLong(end.epoch().value());
        putLong(end.hash());
    }

    private void putFlag(boolean flag) {
        room(1).put((byte) (flag ? 1 : 0));
    }

    private void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    private ByteBuffer room(int bytes) {
        if (head.remaining() < bytes) {
            head = ByteBuffer.allocate(2 * head.capacity()).put(head.flip());
        }
        return head;
    }
}
