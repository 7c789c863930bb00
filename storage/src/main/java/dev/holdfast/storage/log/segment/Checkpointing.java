package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.checkpoint.CheckpointWriter;
import dev.holdfast.storage.checkpoint.Retention;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.CheckpointPart;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.FrameFile;
import dev.holdfast.storage.log.frame.FrameSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a checkpoint in this order: the log forced up to it; the checkpoint written and forced under another name; read
 * back whole and compared; renamed, the directory forced; the bodies' places switched over; only then what it replaces
 * deleted, oldest first. A death in between leaves either the old state or both. One at a time; the storage thread. What reads
 * the newest waits for none that is being written: any thread.
 */
final class Checkpointing {

    private final PartitionStore store;
    private final LogSettings settings;
    private final LogHealth health;
    private final LogWriter writer;
    private final Retention retention;
    private final LogIndex index;
    private long nextNumber;

    /** Read without waiting for the one that is being written. */
    private volatile Newest newest;

    /** What is being written describes the log up to there: it is not to be truncated away under it. */
    private volatile Lsn writing = Lsn.NONE;

    /** @param file null if there is none, and then where the log began */
    private record Newest(@Nullable FileHandle file, LogEnd end) {}

    Checkpointing(PartitionStore store, LogSettings settings, LogHealth health, LogWriter writer, Recovered recovered) {
        this.store = store;
        this.settings = settings;
        this.health = health;
        this.writer = writer;
        this.newest = new Newest(recovered.checkpoint().orElse(null), recovered.checkpointEnd());
        this.nextNumber = recovered.nextCheckpoint();
        this.index = recovered.index();
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
        if (at.lsn().compareTo(newest.end().lsn()) <= 0) {
            return; // of an empty log there is nothing to keep, and one that another replica gave may be newer
        }
        if (writer.forcedEnd().lsn().compareTo(at.lsn()) < 0
                && writer.force().lsn().compareTo(at.lsn()) < 0) {
            throw new IllegalArgumentException(
                    "A checkpoint beyond the end of the log: at=" + at + ", end=" + writer.end());
        }
        writing = at.lsn();
        try {
            writeForced(at, items, bodies);
        } finally {
            writing = Lsn.NONE;
        }
    }

    private void writeForced(LogEnd at, Stream<SnapshotItem> items, BodyIndex bodies) {
        long appendedBefore = writer.appendedBytes();
        long number = nextNumber++;
        long firstNeeded = writer.segments().firstNeeded(at);
        CheckpointSummary written = unpublished(() -> writeUnpublished(number, at, firstNeeded, items, bodies));
        try {
            Published published = publish(number, written);
            become(published);
            bodies.switchTo(published.places(), at.lsn().value());
            List<Recovered.OldSegment> replaced = writer.segments().removeBelow(firstNeeded);
            index.trim(firstNeeded);
            deleteReplaced(number, replaced);
        } catch (IOException e) {
            throw health.fail("Cannot publish a checkpoint", e);
        }
        retention.written(appendedBefore);
    }

    /**
     * As {@link dev.holdfast.storage.log.ReplicatedLog#installCheckpoint}, without handing items over.
     *
     * @param beforeSwitch done when everything is verified and forced, before anybody can see it
     */
    synchronized void install(LogEnd at, BodyIndex bodies, Runnable beforeSwitch) {
        health.check();
        long number = nextNumber++;
        long firstNeeded = writer.segments().discardAhead();
        CheckpointSummary written = unpublished(
                () -> IncomingCheckpoint.rewrite(store, file -> newWriter(file, number, at, firstNeeded), number, at));
        try {
            beforeSwitch.run();
            Published published = publish(number, written);
            List<Recovered.OldSegment> replaced = writer.startOver(at);
            become(published);
            bodies.replaceBy(published.places());
            deleteReplaced(number, replaced);
            store.discardIncoming();
        } catch (IOException | RuntimeException e) {
            // the mark may be lowered, the log may be gone: it is neither the old one nor, for certain, the new one
            throw health.fail("Cannot put a checkpoint in place of the log", e);
        }
        retention.written(writer.appendedBytes());
    }

    /** Hands over the items of the one that was just installed: if that does not work, there is no log to go back to. */
    synchronized void readInstalled(ReplayHandler handler) {
        try {
            withNewest((end, file, source) -> new CheckpointReader(source, store.partition(), file.number())
                    .read((item, image) -> handler.onSnapshot(item)));
        } catch (LogDamagedException e) {
            throw health.fail("Cannot read the checkpoint that has taken the log's place", e);
        }
    }

    /** The end of the log that the newest one describes. */
    Optional<LogEnd> newestEnd() {
        Newest now = newest;
        return now.file() == null ? Optional.empty() : Optional.of(now.end());
    }

    /** Below it nothing is truncated: it is in a checkpoint, or in the one that is being written. */
    Lsn firstToKeep() {
        Lsn unpublished = writing; // read first: it may become the newest meanwhile
        Lsn published = newestEnd().map(LogEnd::lsn).orElse(Lsn.NONE);
        return unpublished.compareTo(published) > 0 ? unpublished : published;
    }

    /** As {@link dev.holdfast.storage.log.ReplicatedLog#readCheckpoint}. */
    CheckpointPart part(LogEnd at, long offsetBytes, int maxBytes) {
        return withNewest((end, file, source) -> {
            long size = source.size();
            long from = at.equals(end) && offsetBytes <= size ? offsetBytes : 0;
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(maxBytes, size - from));
            while (bytes.hasRemaining() && source.read(bytes, from + bytes.position()) >= 0) {
                // more of it
            }
            return new CheckpointPart(end, from, from + bytes.capacity() == size, bytes.array());
        });
    }

    synchronized void close() {
        FileHandle file = newest.file();
        if (file != null) {
            file.retire();
        }
    }

    private CheckpointSummary writeUnpublished(
            long number, LogEnd at, long firstNeeded, Stream<SnapshotItem> items, BodyIndex bodies) throws IOException {
        try (PartitionStore.CheckpointFile file = store.createCheckpoint(number)) {
            CheckpointWriter checkpoint = newWriter(file, number, at, firstNeeded);
            long appendedBefore = writer.appendedBytes();
            CheckpointPace pace = new CheckpointPace(
                    file, () -> writer.appendedBytes() - appendedBefore > settings.segmentBytes() / 2);
            Iterator<SnapshotItem> each = items.iterator();
            while (each.hasNext()) {
                SnapshotItem item = each.next();
                if (item instanceof SnapshotItem.OfTask task) {
                    checkpoint.add(item, bytes(task.payload(), bodies), bytes(task.result(), bodies));
                } else {
                    checkpoint.add(item, null, null);
                }
                pace.written();
            }
            CheckpointSummary summary = checkpoint.end();
            file.force();
            return summary;
        }
    }

    private CheckpointWriter newWriter(FrameFile file, long number, LogEnd at, long firstNeeded) throws IOException {
        return new CheckpointWriter(
                file, store.partition(), settings.frameLimit(), number, at, settings.session(), firstNeeded);
    }

    private interface Writing {
        CheckpointSummary write() throws IOException;
    }

    /** Writes one that nobody sees yet; what fails without harm leaves nothing. */
    private CheckpointSummary unpublished(Writing writing) {
        try {
            return writing.write();
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
    }

    private static byte @Nullable [] bytes(@Nullable Body body, BodyIndex bodies) {
        if (body == null) {
            return null;
        }
        return body instanceof Body.Inline inline ? inline.bytes() : bodies.read((Body.Stored) body);
    }

    /** @param places where the bodies are in it */
    private record Published(Newest newest, Map<Long, BodyIndex.Place> places) {}

    /** One that is not as it was written is removed again. */
    private Published publish(long number, CheckpointSummary written) throws IOException {
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
        } catch (LogDamagedException e) {
            discard();
            throw e;
        }
        store.publishCheckpoint(number);
        return new Published(new Newest(file, written.at()), new HashMap<>(inCheckpoint.places()));
    }

    private void become(Published published) {
        FileHandle previous = newest.file();
        newest = published.newest();
        if (previous != null) {
            previous.retire();
        }
    }

    /** Readers that began before the switch keep the file they read. */
    private void deleteReplaced(long number, List<Recovered.OldSegment> segments) throws IOException {
        for (Recovered.OldSegment segment : segments) {
            segment.file().retire();
            store.deleteSegment(segment.opened().segment());
        }
        for (long older : store.contents().checkpoints()) {
            if (older < number) {
                store.deleteCheckpoint(older);
            }
        }
    }

    private interface Reading<T> {
        /** @throws IOException the file can not be read; what is written is not concerned */
        T read(LogEnd end, FileHandle file, FrameSource source) throws IOException;
    }

    private <T> T withNewest(Reading<T> reading) {
        while (true) {
            Newest now = newest;
            FileHandle file = now.file();
            if (file == null) {
                throw new IllegalStateException("There is no checkpoint: partition=" + store.partition());
            }
            try {
                FrameSource source = file.acquire();
                if (source != null) {
                    try {
                        return reading.read(now.end(), file, source);
                    } finally {
                        file.release();
                    }
                }
            } catch (IOException e) {
                throw new LogDamagedException(
                        new LogDamage(store.partition(), file.file(), -1, "a readable checkpoint", e.toString()));
            }
            if (now.equals(newest)) { // else another one took its place meanwhile
                throw new IllegalStateException("The log is closed: partition=" + store.partition());
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
