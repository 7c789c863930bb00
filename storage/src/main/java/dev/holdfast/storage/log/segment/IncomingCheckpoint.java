package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.checkpoint.CheckpointWriter;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.FrameFile;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes a checkpoint of this log's own from another replica's file: its frames carry the number and the segments of the log
 * that it was written beside, so they are read, which checks all of them, and written again. One thread.
 */
final class IncomingCheckpoint {

    private IncomingCheckpoint() {}

    /** Begins the new one. */
    interface Writers {
        CheckpointWriter begin(FrameFile file) throws IOException;
    }

    /**
     * Writes and forces the unpublished checkpoint {@code number}.
     *
     * @throws LogDamagedException what came is not whole, or not at {@code at}; it is dropped
     */
    static CheckpointSummary rewrite(PartitionStore store, Writers writers, long number, LogEnd at) throws IOException {
        try (FrameSource source = store.openIncoming();
                PartitionStore.CheckpointFile file = store.createCheckpoint(number)) {
            CheckpointWriter writer = writers.begin(file);
            CheckpointReader reader = new CheckpointReader(source, store.partition(), numberIn(store, source));
            CheckpointSummary read = reader.read((item, image) -> copy(item, image, writer));
            if (!read.at().equals(at)) {
                throw new LogDamagedException(new LogDamage(
                        store.partition(), source.file(), 0, "a checkpoint at " + at, "one at " + read.at()));
            }
            CheckpointSummary written = writer.end();
            file.force();
            return written;
        } catch (LogDamagedException e) {
            store.discardIncoming();
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void copy(SnapshotItem item, RecordImage image, CheckpointWriter writer) {
        byte[] payload = null;
        byte[] result = null;
        if (item instanceof SnapshotItem.OfTask task) {
            payload = bytes(task.payload(), image, 0);
            result = bytes(task.result(), image, payload == null ? 0 : payload.length);
        }
        try {
            writer.add(item, payload, result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte @Nullable [] bytes(@Nullable Body body, RecordImage image, int skip) {
        return body == null ? null : image.copy(skip, body.length());
    }

    /** The number that it had where it was written. */
    private static long numberIn(PartitionStore store, FrameSource source) throws IOException {
        FrameScan scan = FrameScan.ofHead(source, store.partition(), 0);
        if (scan.resync(0) != 0) {
            throw new LogDamagedException(new LogDamage(
                    store.partition(), source.file(), 0, "the beginning of a checkpoint", "something else"));
        }
        return scan.image().epoch();
    }
}
