package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.checkpoint.CheckpointWriter;
import dev.holdfast.storage.checkpoint.Retention;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.FrameSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a checkpoint in this order: the log forced up to it; the checkpoint written and forced under another name; read
 * back whole and compared; renamed, the directory forced; the bodies' places switched over; only then what it replaces
 * deleted, oldest first. A death in between leaves either the old state or both. One at a time; the storage thread.
 */
final class Checkpointing {

    private final PartitionStore store;
    private final LogSettings settings;
    private final LogHealth health;
    private final LogWriter writer;
    private final Retention retention;
    private @Nullable FileHandle newest;
    private long nextNumber;

    Checkpointing(PartitionStore store, LogSettings settings, LogHealth health, LogWriter writer, Recovered recovered) {
        this.store = store;
        this.settings = settings;
        this.health = health;
        this.writer = writer;
        this.newest = recovered.checkpoint().orElse(null);
        this.nextNumber = recovered.nextCheckpoint();
        this.retention = new Retention(
                settings.segmentBytes(),
                recovered.bytesSinceCheckpoint(),
                recovered.segments().size());
    }

    boolean isDue(long liveBytes) {
        return !health.isFailed() && retention.isDue(writer.appendedBytes(), liveBytes);
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#checkpoint}. */
    synchronized void write(LogEnd at, Stream<SnapshotItem> items, BodyIndex bodies) {
        health.check();
        if (at.lsn().equals(Lsn.NONE)) {
            return; // of an empty log there is nothing to keep
        }
        if (writer.forcedEnd().lsn().compareTo(at.lsn()) < 0
                && writer.force().lsn().compareTo(at.lsn()) < 0) {
            throw new IllegalArgumentException(
                    "A checkpoint beyond the end of the log: at=" + at + ", end=" + writer.end());
        }
        long appendedBefore = writer.appendedBytes();
        long number = nextNumber++;
        long firstNeeded = writer.segments().firstNeeded(at);
        CheckpointSummary written;
        try {
            written = writeUnpublished(number, at, firstNeeded, items, bodies);
        } catch (NoSpaceException e) {
            discard();
            throw new LogFullException(
                    "No room for a checkpoint: partition=" + store.partition() + ", directory=" + store.path()
                            + "; free space on the disk",
                    e);
        } catch (IOException e) {
            throw health.fail("Cannot write or force a checkpoint", e);
        } catch (RuntimeException e) {
            discard();
            throw e;
        }
        try {
            publish(number, written, at, bodies);
            deleteReplaced(number, firstNeeded);
        } catch (IOException e) {
            throw health.fail("Cannot publish a checkpoint", e);
        }
        retention.written(appendedBefore);
    }

    synchronized void close() {
        if (newest != null) {
            newest.retire();
        }
    }

    private CheckpointSummary writeUnpublished(
            long number, LogEnd at, long firstNeeded, Stream<SnapshotItem> items, BodyIndex bodies) throws IOException {
        try (PartitionStore.CheckpointFile file = store.createCheckpoint(number)) {
            CheckpointWriter checkpoint = new CheckpointWriter(
                    file, store.partition(), settings.frameLimit(), number, at, settings.session(), firstNeeded);
            Iterator<SnapshotItem> each = items.iterator();
            while (each.hasNext()) {
                SnapshotItem item = each.next();
                if (item instanceof SnapshotItem.OfTask task) {
                    checkpoint.add(item, bytes(task.payload(), bodies), bytes(task.result(), bodies));
                } else {
                    checkpoint.add(item, null, null);
                }
            }
            CheckpointSummary summary = checkpoint.end();
            file.force();
            return summary;
        }
    }

    private static byte @Nullable [] bytes(@Nullable Body body, BodyIndex bodies) {
        if (body == null) {
            return null;
        }
        return body instanceof Body.Inline inline ? inline.bytes() : bodies.read((Body.Stored) body);
    }

    private void publish(long number, CheckpointSummary written, LogEnd at, BodyIndex bodies) throws IOException {
        FileHandle file = new FileHandle(
                number, store.path().resolve("checkpoint-" + number), () -> store.openCheckpoint(number));
        BodyIndex inCheckpoint = new BodyIndex(store.partition());
        try (FrameSource source = store.openUnpublished(number)) {
            CheckpointSummary read = new CheckpointReader(source, store.partition(), number)
                    .read((item, image) -> ReplaySink.index(item, image, file, inCheckpoint));
            if (!read.equals(written)) {
                throw new LogDamagedException(new LogDamage(
                        store.partition(), source.file(), -1, String.valueOf(written), String.valueOf(read)));
            }
        }
        store.publishCheckpoint(number);
        Map<Long, BodyIndex.Place> places = new HashMap<>(inCheckpoint.places());
        bodies.switchTo(places, at.lsn().value());
        FileHandle previous = newest;
        newest = file;
        if (previous != null) {
            previous.retire();
        }
    }

    /** Readers that began before the switch keep the file they read. */
    private void deleteReplaced(long number, long firstNeeded) throws IOException {
        for (Recovered.OldSegment segment : writer.segments().removeBelow(firstNeeded)) {
            segment.file().retire();
            store.deleteSegment(segment.opened().segment());
        }
        for (long older : store.contents().checkpoints()) {
            if (older < number) {
                store.deleteCheckpoint(older);
            }
        }
    }

    private void discard() {
        try {
            store.discardUnpublished();
        } catch (IOException e) {
            throw health.fail("Cannot remove an unfinished checkpoint", e);
        }
    }
}
