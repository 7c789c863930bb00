package dev.holdfast.replication.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.replication.protocol.BeaconStamp;
import dev.holdfast.replication.protocol.CheckpointChunk;
import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.EpochEnd;
import dev.holdfast.replication.protocol.Message;
import dev.holdfast.replication.protocol.RowVersion;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.replication.protocol.StreamId;
import dev.holdfast.replication.transport.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplicatedRun;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MessageCodecTest {

    private static final PartitionId PARTITION = new PartitionId(513);
    private static final Epoch EPOCH = new Epoch(5);
    private static final LogEnd BEFORE = new LogEnd(new Lsn(7), new Epoch(4), 0x1122334455667788L);
    private static final LogEnd AFTER = new LogEnd(new Lsn(9), EPOCH, -2);
    private static final StreamId STREAM = new StreamId(-77);
    private static final byte[] BYTES = {1, 2, 3, 4};

    private static List<Message> everyMessage() {
        return List.of(
                new Message.Beacon(EPOCH, new BeaconStamp(-1)),
                new Message.Append(
                        EPOCH,
                        new Run(BEFORE, AFTER, new CopiedRecords(new ReplicatedRun(BEFORE, AFTER, BYTES))),
                        new Lsn(6)),
                new Message.Committed(EPOCH, new Lsn(3)),
                new Message.FollowAccepted(EPOCH, STREAM, AFTER, new Lsn(3), new RowVersion(8), true),
                new Message.TruncateTo(EPOCH, AFTER, new Lsn(3)),
                new Message.FollowAgain(EPOCH),
                new Message.HistoriesDiffer(EPOCH, "größer"),
                new Message.CheckpointNeeded(EPOCH, STREAM),
                new Message.CheckpointPart(
                        EPOCH, new CheckpointChunk(new CheckpointPlace(AFTER, 12), true, new CheckpointBytes(BYTES))),
                new Message.Follow(EPOCH, STREAM, AFTER, List.of(new EpochEnd(BEFORE), new EpochEnd(AFTER)), true),
                new Message.Ack(EPOCH, STREAM, new Lsn(9), new Lsn(8)),
                new Message.BeaconAck(EPOCH, new BeaconStamp(44)),
                new Message.CheckpointWanted(EPOCH, CheckpointPlace.START),
                new Message.Refused(EPOCH),
                new Message.SuspectEnd(EPOCH, new RowVersion(8), AFTER));
    }

    @Test
    void everyMessageComesBackAsItWas() {
        assertThat(everyMessage().stream().map(Object::getClass).distinct()).hasSize(MessageType.values().length);
        for (Message message : everyMessage()) {
            byte[] bytes = bytes(message);
            Envelope read = MessageReader.read(ByteBuffer.wrap(bytes));
            assertThat(read.partition()).isEqualTo(PARTITION);
            assertThat(read.message()).hasSameClassAs(message);
            assertThat(bytes(read.message())).as("%s", message).isEqualTo(bytes);
            assertThat(read.message().epoch()).isEqualTo(EPOCH);
        }
    }

    @Test
    void theBytesAreAsTheDocumentationDrawsThem() {
        assertThat(hex(new Message.Ack(EPOCH, STREAM, new Lsn(9), new Lsn(8))))
                .isEqualTo(
                        "010b0201" + "0000000000000005" + "ffffffffffffffb3" + "0000000000000009" + "0000000000000008");
        assertThat(hex(everyMessage().get(1)))
                .isEqualTo("01020201" + "0000000000000005" + "0000000000000007" + "0000000000000004"
                        + "1122334455667788" + "0000000000000009" + "0000000000000005" + "fffffffffffffffe"
                        + "0000000000000006" + "01020304");
        assertThat(hex(everyMessage().get(9)))
                .isEqualTo("010a0201" + "0000000000000005" + "ffffffffffffffb3" + "0000000000000009"
                        + "0000000000000005" + "fffffffffffffffe" + "01" + "0002" + "0000000000000007"
                        + "0000000000000004" + "1122334455667788" + "0000000000000009" + "0000000000000005"
                        + "fffffffffffffffe");
    }

    @Test
    void whatIsCutOrNoiseIsRefusedInItsOwnWay() {
        SplittableRandom random = new SplittableRandom(5);
        for (Message message : everyMessage()) {
            byte[] bytes = bytes(message);
            for (int round = 0; round < 200; round++) {
                byte[] changed = bytes.clone();
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
                readOrRefuse(ByteBuffer.wrap(changed, 0, random.nextInt(changed.length + 1)));
            }
        }
        byte[] newer = bytes(everyMessage().get(0));
        newer[0] = 2;
        assertThatThrownBy(() -> MessageReader.read(ByteBuffer.wrap(newer)))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("version=2");
    }

    private static void readOrRefuse(ByteBuffer bytes) {
        try {
            MessageReader.read(bytes);
        } catch (MessageFormatException expected) {
            assertThat(expected).hasMessageContaining("Not a message");
        }
    }

    private static String hex(Message message) {
        return HexFormat.of().formatHex(bytes(message));
    }

    private static byte[] bytes(Message message) {
        Body body = MessageWriter.write(new Envelope(PARTITION, message));
        ByteBuffer target = ByteBuffer.allocate(body.sizeBytes());
        body.writeTo(target);
        return target.array();
    }
}
