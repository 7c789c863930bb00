package dev.holdfast.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.storage.log.memory.MemoryMedium;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Format 1 as it was released: what fails here can no longer be read by, or no longer reads, files that are out there. */
class FormatTest {

    private static final Epoch EPOCH = new Epoch(41);

    private final MemoryMedium medium = new MemoryMedium(new PartitionId(7));

    @Test
    void theBytesOfEveryRecordAreWhatTheyWere() {
        PartitionLog log = medium.open(new Collected()).log();
        log.append(EPOCH, Samples.recordsOfLocalCalls(EPOCH));
        // the running hash covers every byte of every record
        assertThat(Long.toHexString(log.end().hash())).isEqualTo("55abf6ed32c47b5e");
    }

    @Test
    void theBytesOfEveryItemAreWhatTheyWere() {
        PartitionLog log = medium.open(new Collected()).log();
        log.append(EPOCH, Samples.recordsOfLocalCalls(EPOCH));
        assertThat(hashOfCheckpoint(log, Samples.itemsWithoutCallers())).isEqualTo("971f5407ca66f8d3");
    }

    @Test
    void theBytesOfEveryRecordOfARemoteCallAreWhatTheyWere() {
        PartitionLog log = medium.open(new Collected()).log();
        log.append(EPOCH, Samples.recordsOfRemoteCalls());
        assertThat(Long.toHexString(log.end().hash())).isEqualTo("929e96e643f72f1f");
    }

    @Test
    void theBytesOfCallersAreWhatTheyWere() {
        PartitionLog log = medium.open(new Collected()).log();
        log.append(EPOCH, Samples.recordsOfRemoteCalls());
        assertThat(hashOfCheckpoint(log, Samples.callers())).isEqualTo("3d8d1a7ffa49ce1a");
    }

    /** The four fields behind those that were there before; what is in front is what a local call writes. */
    @Test
    void aRequestStandsBehindTheFieldsOfItsRecord() {
        PartitionLog log = medium.open(new Collected()).log();
        RequestId request = new RequestId(new UUID(1, 2), 4, 3);
        log.append(EPOCH, List.of(new LogRecord.Cancelled(5, 6, request)));
        assertThat(firstBody()).isEqualTo("ba01a105ba02a106" + "ba24a101ba25a102ba26a104ba27a103");
    }

    /** Of a node alone it has none, and is what it was. */
    @Test
    void theOpeningOfAMembersEpochSaysWhereItsTaskSequencesBegin() {
        PartitionLog log = medium.open(new Collected()).log();
        log.append(EPOCH, List.of(new LogRecord.EpochStarted(EPOCH, 3, LogRecord.EpochCause.TAKEOVER, 5, 6)));
        assertThat(firstBody()).isEqualTo("ba03a103ba04a104" + "ba16a105" + "ba02a106");
    }

    private String firstBody() {
        byte[] content = medium.segmentContent(medium.segments().get(0));
        ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int second = 4 + ((file.getInt(0) + 3) & ~3);
        byte[] body = new byte[file.getInt(second) - 48];
        file.get(second + 4 + 48, body);
        return HexFormat.of().formatHex(body);
    }

    private String hashOfCheckpoint(PartitionLog log, List<SnapshotItem> items) {
        log.checkpoint(log.end(), items.stream());
        byte[] content = medium.checkpointContent(0);
        int last = content.length;
        while (content[last - 1] != 'R' || content[last - 2] != 'L' || content[last - 3] != 'F') {
            last--;
        }
        // the last frame's hash covers every frame before it
        long hash = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(last - 4 + 8);
        return Long.toHexString(hash);
    }

    @Test
    void aTruncationIsTheSecondRecordOfASegmentAndSaysWhereItBegins() {
        ReplicatedLog log = medium.open(new Collected()).replicated();
        log.append(EPOCH, List.of(new LogRecord.Cancelled(5, 6), new LogRecord.Cancelled(6, 7)));
        log.truncate(new Lsn(1));
        ByteBuffer file = ByteBuffer.wrap(medium.segmentContent(1)).order(ByteOrder.LITTLE_ENDIAN);
        int second = 4 + ((file.getInt(0) + 3) & ~3);
        byte[] frame = new byte[file.getInt(second)];
        file.get(second + 4, frame);
        assertThat(HexFormat.of().formatHex(frame, 16, frame.length))
                .isEqualTo("01410700" + "13000000" + "13000000" + "00000000" + "0100000000000000" + "0100000000000000"
                        + "ba11a101" + "ba12a129" + "ba13a738e9ee1f9fac8309");
    }

    @Test
    void aFrameStandsAsTheDocumentationDrawsIt() {
        PartitionLog log = medium.open(new Collected()).log();
        log.append(EPOCH, List.of(new LogRecord.Cancelled(5, 6)));
        byte[] content = medium.segmentContent(medium.segments().get(0));
        ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        int second = 4 + ((file.getInt(0) + 3) & ~3);
        assertThat(file.getInt(second)).as("length of the document").isEqualTo(48 + 8);
        ByteBuffer frame = file.slice(second + 4, 48 + 8).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(frame.getInt(0)).isEqualTo(0x524C4648);
        assertThat(frame.getLong(8)).isEqualTo(log.end().hash());
        assertThat(frame.get(16)).as("format").isEqualTo((byte) 1);
        assertThat(frame.get(17)).as("type").isEqualTo((byte) 7);
        assertThat(frame.getShort(18)).as("partition").isEqualTo((short) 7);
        assertThat(frame.getInt(20)).as("body").isEqualTo(8);
        assertThat(frame.getInt(24)).as("Wire part").isEqualTo(8);
        assertThat(frame.getLong(32)).as("epoch").isEqualTo(41);
        assertThat(frame.getLong(40)).as("lsn").isEqualTo(1);
        byte[] body = new byte[8];
        frame.get(48, body);
        assertThat(HexFormat.of().formatHex(body)).isEqualTo("ba01a105ba02a106");
    }
}
