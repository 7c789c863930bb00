package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.BeaconStamp;
import dev.holdfast.replication.protocol.CheckpointChunk;
import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.EpochEnd;
import dev.holdfast.replication.protocol.EpochHistory;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.replication.protocol.StreamId;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedRun;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a {@link MessageWriter} wrote. What is allocated is bounded by what has arrived, which the transport bounds and
 * has checked by its CRC; the values check themselves. One thread, for one message.
 */
final class MessageReader {

    private final ByteBuffer bytes;
    private final PartitionId partition;
    private final MessageType type;
    private final Epoch epoch;

    private MessageReader(ByteBuffer bytes) {
        this.bytes = bytes;
        int version = bytes.get();
        if (version != MessageWriter.VERSION) {
            throw new IllegalArgumentException("an unknown version: version=" + version);
        }
        type = MessageType.of(bytes.get());
        partition = new PartitionId(Short.toUnsignedInt(bytes.getShort()));
        epoch = new Epoch(bytes.getLong());
    }

    /**
     * The message in {@code bytes}, big endian, nothing of which is kept.
     *
     * @throws MessageFormatException it is none
     */
    static Envelope read(ByteBuffer bytes) {
        try {
            MessageReader reader = new MessageReader(bytes);
            Message message = reader.message();
            if (bytes.hasRemaining()) {
                throw new IllegalArgumentException("bytes behind the end: count=" + bytes.remaining());
            }
            return new Envelope(reader.partition, message);
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            throw new MessageFormatException("Not a message of the replication protocol: found " + e.getMessage(), e);
        }
    }

    private Message message() {
        return switch (type) {
            case BEACON -> new Message.Beacon(epoch, stamp());
            case APPEND -> append();
            case COMMITTED -> new Message.Committed(epoch, lsn());
            case FOLLOW_ACCEPTED -> new Message.FollowAccepted(epoch, stream(), end(), lsn(), version(), flag());
            case TRUNCATE_TO -> new Message.TruncateTo(epoch, end(), lsn());
            case FOLLOW_AGAIN -> new Message.FollowAgain(epoch);
            case HISTORIES_DIFFER -> historiesDiffer();
            case CHECKPOINT_NEEDED -> new Message.CheckpointNeeded(epoch, stream());
            case CHECKPOINT_PART ->
                new Message.CheckpointPart(epoch, new CheckpointChunk(place(), flag(), new CheckpointBytes(rest())));
            case FOLLOW -> follow();
            case ACK -> new Message.Ack(epoch, stream(), lsn(), lsn());
            case BEACON_ACK -> new Message.BeaconAck(epoch, stamp());
            case CHECKPOINT_WANTED -> new Message.CheckpointWanted(epoch, place());
            case REFUSED -> new Message.Refused(epoch);
            case SUSPECT_END -> new Message.SuspectEnd(epoch, version(), end());
        };
    }

    private Message append() {
        LogEnd before = end();
        LogEnd after = end();
        Lsn committed = lsn();
        CopiedRecords records = new CopiedRecords(new ReplicatedRun(before, after, rest()));
        return new Message.Append(epoch, new Run(before, after, records), committed);
    }

    private Message historiesDiffer() {
        if (bytes.remaining() > MessageWriter.MAX_DETAIL_BYTES) {
            throw new IllegalArgumentException("too long a text: bytes=" + bytes.remaining());
        }
        return new Message.HistoriesDiffer(epoch, new String(rest(), StandardCharsets.UTF_8));
    }

    private Message follow() {
        StreamId stream = stream();
        LogEnd end = end();
        boolean suspect = flag();
        int count = Short.toUnsignedInt(bytes.getShort());
        if (count > EpochHistory.MAX_EPOCHS + 1) {
            throw new IllegalArgumentException("too long a history: epochs=" + count);
        }
        List<EpochEnd> history = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            history.add(new EpochEnd(end()));
        }
        return new Message.Follow(epoch, stream, end, new EpochHistory(history).entries(), suspect);
    }

    private BeaconStamp stamp() {
        return new BeaconStamp(bytes.getLong());
    }

    private StreamId stream() {
        return new StreamId(bytes.getLong());
    }

    private RowVersion version() {
        return new RowVersion(bytes.getLong());
    }

    private Lsn lsn() {
        return new Lsn(bytes.getLong());
    }

    private CheckpointPlace place() {
        return new CheckpointPlace(end(), bytes.getLong());
    }

    private LogEnd end() {
        return new LogEnd(lsn(), new Epoch(bytes.getLong()), bytes.getLong());
    }

    private boolean flag() {
        int flag = bytes.get();
        if (flag != 0 && flag != 1) {
            throw new IllegalArgumentException("no truth value: value=" + flag);
        }
        return flag == 1;
    }

    private byte[] rest() {
        byte[] rest = new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }
}
