package dev.holdfast.storage.checkpoint;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordImage;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.RunningHash;
import dev.holdfast.storage.log.frame.SnapshotDecoder;
import java.io.IOException;

/** Reads a checkpoint and checks all of it: every record, its end, its count. One thread. */
public final class CheckpointReader {

    /** Takes items. The image is valid during the call only. */
    @FunctionalInterface
    public interface ItemHandler {
        void onItem(SnapshotItem item, RecordImage image);
    }

    private final PartitionId partition;
    private final FrameSource source;
    private final FrameScan scan;
    private final SnapshotDecoder decoder = new SnapshotDecoder();

    /** @param number of the checkpoint, as its directory says */
    public CheckpointReader(FrameSource source, PartitionId partition, long number) throws IOException {
        this.source = source;
        this.partition = partition;
        this.scan = new FrameScan(source, partition, number);
        scan.continueAfter(0, RunningHash.EMPTY, 0);
    }

    /**
     * Hands all items over, in order. The last of them may have been handed over when damage shows behind it.
     *
     * @throws LogDamagedException it is not whole
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it
     */
    public CheckpointSummary read(ItemHandler handler) throws IOException {
        require(RecordType.CHECKPOINT_BEGIN);
        SnapshotDecoder.Begin begin = decoder.decodeBegin(scan.image());
        long items = 0;
        while (true) {
            RecordImage image = next("an item, or the end of the checkpoint");
            if (image.type() == RecordType.CHECKPOINT_END) {
                break;
            }
            handler.onItem(decoder.decode(image), image);
            items++;
        }
        long count = decoder.decodeEnd(scan.image());
        if (count != items) {
            throw damaged("items=" + count, "items=" + items);
        }
        return new CheckpointSummary(begin.at(), begin.session(), begin.firstSegment(), items, scan.hash());
    }

    private void require(RecordType type) throws IOException {
        RecordImage image = next("type=" + type);
        if (image.type() != type) {
            throw damaged("type=" + type, "type=" + image.type());
        }
    }

    private RecordImage next(String expected) throws IOException {
        FrameScan.Step step = scan.next();
        if (step == FrameScan.Step.BAD) {
            throw new LogDamagedException(scan.damage());
        }
        if (step == FrameScan.Step.END) {
            throw damaged(expected, "nothing");
        }
        return scan.image();
    }

    private LogDamagedException damaged(String expected, String found) {
        return new LogDamagedException(new LogDamage(partition, source.file(), scan.offset(), expected, found));
    }
}
