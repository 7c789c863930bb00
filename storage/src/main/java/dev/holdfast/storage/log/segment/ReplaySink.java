package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.frame.RecordImage;

/** Hands over what recovery reads, and keeps what the log itself needs of it. One thread. */
final class ReplaySink {

    private final ReplayHandler handler;
    private final BodyIndex bodies;
    private long count;
    private long nextSequence = TaskId.FIRST_SEQUENCE;

    ReplaySink(ReplayHandler handler, BodyIndex bodies) {
        this.handler = handler;
        this.bodies = bodies;
    }

    void item(SnapshotItem item, RecordImage image, FileHandle file) {
        if (item instanceof SnapshotItem.OfPartition partition) {
            nextSequence = Math.max(nextSequence, partition.nextSequence());
        }
        index(item, image, file, bodies);
        handler.onSnapshot(item);
        count++;
    }

    void replicated(LogRecord.Replicated replicated, RecordImage image, FileHandle file) {
        Body body = Bodies.of(replicated);
        if (body instanceof Body.Stored stored) {
            bodies.put(stored.lsn().value(), place(image, file, 0));
        }
        if (replicated instanceof LogRecord.Submitted submitted) {
            nextSequence = Math.max(nextSequence, submitted.sequence() + 1);
        } else if (replicated instanceof LogRecord.SequencesLost lost) {
            nextSequence = Math.max(nextSequence, lost.range().endExclusive());
        } else if (replicated instanceof LogRecord.EpochStarted started) {
            nextSequence = Math.max(nextSequence, started.nextSequence());
        }
        handler.onRecord(new Lsn(image.position()), new Epoch(image.epoch()), replicated);
        count++;
    }

    long count() {
        return count;
    }

    long nextSequence() {
        return nextSequence;
    }

    /** Enters the bodies of one item of a checkpoint. */
    static void index(SnapshotItem item, RecordImage image, FileHandle file, BodyIndex bodies) {
        if (item instanceof SnapshotItem.OfTask task) {
            Body payload = task.payload();
            if (payload instanceof Body.Stored stored) {
                bodies.put(stored.lsn().value(), place(image, file, 0));
            }
            if (task.result() instanceof Body.Stored stored) {
                int skip = payload == null ? 0 : payload.length();
                bodies.put(stored.lsn().value(), place(image, file, skip));
            }
        }
    }

    private static BodyIndex.Place place(RecordImage image, FileHandle file, int skip) {
        return new BodyIndex.Place(file, image.offset(), image.firstPosition(), image.position(), skip);
    }
}
