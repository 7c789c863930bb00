package dev.holdfast.storage.checkpoint;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.EncodedBatch;
import dev.holdfast.storage.log.frame.FrameBuilder;
import dev.holdfast.storage.log.frame.FrameFile;
import dev.holdfast.storage.log.frame.RunningHash;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes one checkpoint: what it is of, its items, their count. It does not force; its caller does, once. One thread.
 */
public final class CheckpointWriter {

    private final FrameFile file;
    private final FrameBuilder frames;
    private final EncodedBatch batch = new EncodedBatch();
    private final long number;
    private final LogEnd at;
    private final long session;
    private final long firstSegment;
    private long items;

    /** Begins the checkpoint; what the parameters mean is in {@link CheckpointSummary}. */
    public CheckpointWriter(
            FrameFile file,
            PartitionId partition,
            int frameLimit,
            long number,
            LogEnd at,
            long session,
            long firstSegment)
            throws IOException {
        this.file = file;
        this.frames = new FrameBuilder(partition, frameLimit);
        this.number = number;
        this.at = at;
        this.session = session;
        this.firstSegment = firstSegment;
        frames.continueAfter(0, RunningHash.EMPTY);
        batch.addCheckpointBegin(at, session, firstSegment);
        write();
    }

    /**
     * @param payload bytes of a task's payload, result's bytes likewise: exactly where the item names a body
     */
    public void add(SnapshotItem item, byte @Nullable [] payload, byte @Nullable [] result) throws IOException {
        batch.add(item, payload, result);
        write();
        items++;
    }

    /** Ends it. A checkpoint without its end is none. */
    public CheckpointSummary end() throws IOException {
        batch.addCheckpointEnd(items);
        write();
        return new CheckpointSummary(at, session, firstSegment, items, frames.hash());
    }

    private void write() throws IOException {
        frames.write(batch, 0, number, file);
        batch.clear();
    }
}
