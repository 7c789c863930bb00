package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.checkpoint.CheckpointWriter;
import dev.holdfast.storage.log.Body;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordDecoder;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.SnapshotDecoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is left of a damaged log: every whole record, whatever is before it, where {@link Recovery} stops at the first
 * that is not. A record counts if its frame is whole and above everything before it, and not void by what later segments say; so
 * a copy of what is there never does. What stands within the user's bytes is not looked at while the lengths of documents lead past it; where those are damaged
 * too, frames of another log of this partition's number could be taken for this one's. Changes nothing. One thread; {@link #read} from any.
 */
public final class Salvage implements AutoCloseable {

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final PartitionStore store;
    private final SalvageHandler handler;
    private final RecordDecoder decoder;
    private final SnapshotDecoder items = new SnapshotDecoder();
    private final BodyIndex bodies;
    private final ReplaySink sink;
    private final List<FileHandle> files = new ArrayList<>();
    private final ByteBuffer window = FrameScan.newWindow();
    private LogEnd end = LogEnd.EMPTY;
    private long firstSegment = -1;
    private long highestSegment = -1;
    private long highestCheckpoint = -1;

    private Salvage(PartitionStore store, long inlineLimit, SalvageHandler handler) {
        this.store = store;
        this.handler = handler;
        this.decoder = new RecordDecoder(inlineLimit);
        this.bodies = new BodyIndex(store.partition());
        this.sink = new ReplaySink(handler, bodies);
    }

    /**
     * Reads all that can be read and hands it over.
     *
     * @param mark the acknowledged end; empty if it is not known
     * @param inlineLimit length in bytes over which a body stays in the log
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it: it is not damaged
     */
    public static Salvage read(PartitionStore store, Optional<Lsn> mark, long inlineLimit, SalvageHandler handler)
            throws IOException {
        Salvage salvage = new Salvage(store, inlineLimit, handler);
        try {
            salvage.readAll(mark);
            return salvage;
        } catch (IOException | RuntimeException e) {
            salvage.close();
            throw e;
        }
    }

    /** Above everything that was read, and that was acknowledged: where a log that goes on with it begins. */
    public LogEnd end() {
        return end;
    }

    /** As {@link dev.holdfast.storage.log.PartitionLog#read}. */
    public byte[] read(Body.Stored body) {
        return bodies.read(body);
    }

    /**
     * Writes a log that has {@code snapshot} and nothing else: a checkpoint at {@link #end}, above the numbers of all files that
     * were read; forced, and read back.
     *
     * @param target an empty one
     */
    public void writeTo(PartitionStore target, int frameLimit, long session, Stream<SnapshotItem> snapshot)
            throws IOException {
        long number = highestCheckpoint + 1;
        CheckpointSummary written;
        try (PartitionStore.CheckpointFile file = target.createCheckpoint(number)) {
            CheckpointWriter writer = new CheckpointWriter(
                    file,
                    store.partition(),
                    frameLimit,
                    number,
                    end,
                    session,
                    Math.max(highestSegment, firstSegment) + 1);
            for (Iterator<SnapshotItem> each = snapshot.iterator(); each.hasNext(); ) {
                SnapshotItem item = each.next();
                SnapshotItem.OfTask task = item instanceof SnapshotItem.OfTask of ? of : null;
                writer.add(
                        item, task == null ? null : bytes(task.payload()), task == null ? null : bytes(task.result()));
            }
            written = writer.end();
            file.force();
        }
        try (FrameSource source = target.openUnpublished(number)) {
            CheckpointSummary read = new CheckpointReader(source, store.partition(), number).read((item, image) -> {});
            if (!read.equals(written)) {
                throw new LogDamagedException(new LogDamage(
                        store.partition(), source.file(), -1, String.valueOf(written), String.valueOf(read)));
            }
        }
        target.publishCheckpoint(number);
    }

    private byte @Nullable [] bytes(@Nullable Body body) {
        if (body == null) {
            return null;
        }
        return body instanceof Body.Inline inline ? inline.bytes() : bodies.read((Body.Stored) body);
    }

    @Override
    public void close() {
        files.forEach(FileHandle::retire);
    }

    private void readAll(Optional<Lsn> mark) throws IOException {
        PartitionStore.Contents contents = contents();
        List<Long> checkpoints = contents.checkpoints();
        boolean found = false;
        for (int i = checkpoints.size() - 1; i >= 0; i--) {
            highestCheckpoint = Math.max(highestCheckpoint, checkpoints.get(i));
            found = found || readCheckpoint(checkpoints.get(i));
        }
        if (!found && !checkpoints.isEmpty()) {
            handler.onCheckpointGap();
        }
        List<Long> segments = contents.segments();
        long[] begins = new long[segments.size()];
        for (int i = 0; i < begins.length; i++) {
            highestSegment = segments.get(i);
            begins[i] = beginOf(segments.get(i), begins[Math.max(0, i - 1)]);
        }
        for (int i = 0; i < begins.length; i++) {
            if (segments.get(i) >= firstSegment) {
                long limit = NO_LIMIT;
                for (int later = i + 1; later < begins.length; later++) {
                    limit = Math.min(limit, begins[later]);
                }
                readSegment(segments.get(i), limit);
            }
        }
        for (long begin : begins) { // after a loss of power the mark may be behind what a later segment says
            reachTo(begin == NO_LIMIT ? Lsn.NONE : new Lsn(begin));
        }
        mark.ifPresentOrElse(this::reachTo, handler::onUnknownEnd);
        if (end.lsn().equals(Lsn.NONE)) {
            end = new LogEnd(Lsn.NONE.next(), end.epoch(), end.hash()); // a checkpoint is of something
        }
    }

    /** There was a record at {@code known}, or nothing if that is below what was read. */
    private void reachTo(Lsn known) {
        if (known.compareTo(end.lsn()) > 0) {
            handler.onGap(end.lsn().next(), known);
            end = new LogEnd(known, end.epoch(), end.hash());
        }
    }

    private PartitionStore.Contents contents() throws IOException {
        try {
            return store.contents();
        } catch (NoSuchFileException | NotDirectoryException noDirectory) {
            return new PartitionStore.Contents(List.of(), List.of());
        }
    }

    /** False if not even its beginning can be read: then nothing of it is used. */
    private boolean readCheckpoint(long number) {
        FileHandle file = file(number, "checkpoint-" + number, () -> store.openCheckpoint(number));
        FrameSource source = acquired(file);
        if (source == null) {
            return false;
        }
        try {
            FrameScan scan = new FrameScan(source, store.partition(), number, window);
            if (scan.next() != FrameScan.Step.RECORD || scan.image().type() != RecordType.CHECKPOINT_BEGIN) {
                return false;
            }
            SnapshotDecoder.Begin begin = items.decodeBegin(scan.image());
            if (scan.next() != FrameScan.Step.RECORD || scan.image().type() != RecordType.ITEM_PARTITION) {
                return false;
            }
            firstSegment = begin.firstSegment();
            end = begin.at();
            sink.item(items.decode(scan.image()), scan.image(), file);
            if (!readItems(scan, file)) {
                handler.onCheckpointGap();
            }
            return true;
        } catch (IOException unreadable) {
            return false;
        } finally {
            file.release();
        }
    }

    /** False if some could not be read. */
    private boolean readItems(FrameScan scan, FileHandle file) {
        try {
            return readItemsBehindDamage(scan, file);
        } catch (IOException unreadable) {
            return false;
        }
    }

    private boolean readItemsBehindDamage(FrameScan scan, FileHandle file) throws IOException {
        Passage passage = new Passage(scan, RecordType.Kind.CHECKPOINT, NO_LIMIT);
        boolean whole = true;
        while (true) {
            FrameScan.Step step = scan.next();
            if (step == FrameScan.Step.RECORD) {
                if (scan.image().type() == RecordType.CHECKPOINT_END) {
                    return whole;
                }
                sink.item(items.decode(scan.image()), scan.image(), file);
                continue;
            }
            whole = false;
            if (!passage.skipDamage(scan.position())) {
                return false;
            }
        }
    }

    /**
     * Where a segment begins: what older ones have above is void. {@link #NO_LIMIT} if it has no record.
     *
     * @param earliest where the one before begins: a frame below that is a copy within the user's bytes
     */
    private long beginOf(long number, long earliest) {
        FileHandle file = file(number, "segment-" + number, () -> store.openSegment(number));
        FrameSource source = acquired(file);
        if (source == null) {
            return NO_LIMIT;
        }
        try {
            FrameScan scan = new FrameScan(source, store.partition(), number, window);
            if (scan.next() == FrameScan.Step.RECORD && scan.image().type() == RecordType.SEGMENT_OPENED) {
                return decoder.decodeSegmentOpened(scan.image())
                        .acceptedEnd()
                        .lsn()
                        .value();
            }
            for (long at = scan.resync(0); at >= 0; at = scan.resync(at + 8)) {
                long begin = scan.image().position() - 1;
                boolean isRecord = scan.image().type().kind() == RecordType.Kind.REPLICATED;
                if (isRecord && (earliest == NO_LIMIT || begin >= earliest)) {
                    return begin;
                }
            }
            return NO_LIMIT;
        } catch (IOException unreadable) {
            return NO_LIMIT;
        } finally {
            file.release();
            file.retire();
        }
    }

    private void readSegment(long number, long limit) {
        FileHandle file = file(number, "segment-" + number, () -> store.openSegment(number));
        FrameSource source = acquired(file);
        if (source == null) {
            return;
        }
        try {
            FrameScan scan = new FrameScan(source, store.partition(), number, window);
            Passage passage = new Passage(scan, RecordType.Kind.REPLICATED, limit);
            if (scan.next() == FrameScan.Step.RECORD && scan.image().type() == RecordType.SEGMENT_OPENED) {
                LogEnd begin = decoder.decodeSegmentOpened(scan.image()).acceptedEnd();
                scan.continueAfter(
                        begin.lsn().value(), begin.hash(), begin.epoch().value());
            } else if (!passage.skipDamage(end.lsn().value())) {
                return;
            }
            scan.endAt(limit);
            do {
                while (scan.next() == FrameScan.Step.RECORD) {
                    take(scan, file);
                }
            } while (scan.position() < limit && passage.skipDamage(scan.position()));
        } catch (IOException unreadable) {
            // a bad sector: what was read before it counts, and what is missing shows in the numbers of what follows
        } finally {
            file.release();
        }
    }

    private void take(FrameScan scan, FileHandle file) {
        if (scan.image().type().kind() != RecordType.Kind.REPLICATED
                || scan.position() <= end.lsn().value()) {
            return; // of this file only; or in the checkpoint
        }
        gapBefore(scan.image().firstPosition());
        sink.replicated(decoder.decode(scan.image()), scan.image(), file);
        long epoch = Math.max(scan.epoch(), end.epoch().value());
        end = new LogEnd(new Lsn(scan.position()), new Epoch(epoch), scan.hash());
    }

    private void gapBefore(long position) {
        if (position > end.lsn().value() + 1) {
            handler.onGap(end.lsn().next(), new Lsn(position - 1));
        }
    }

    /** One file, read on behind whatever damage. */
    private static final class Passage {

        private final FrameScan scan;
        private final RecordType.Kind kind;
        private final long limit;
        private long lastRestart = -1;

        Passage(FrameScan scan, RecordType.Kind kind, long limit) {
            this.scan = scan;
            this.kind = kind;
            this.limit = limit;
        }

        /** Goes on at the next whole frame above {@code last}; false if there is none. */
        boolean skipDamage(long last) throws IOException {
            long behind = scan.behindDocument();
            if (behind >= 0 && restart(behind, last)) {
                return true;
            }
            for (long at = scan.resync(); at >= 0; at = scan.resync(at + 8)) {
                if (restart(at, last)) {
                    return true;
                }
            }
            return false;
        }

        /** At the frame that the scan has found. */
        private boolean restart(long at, long last) {
            long position = scan.image().position();
            boolean wanted = scan.image().type().kind() == kind && position > last && position <= limit;
            if (!wanted || at <= lastRestart) { // one that did not do is not tried again
                return false;
            }
            lastRestart = at;
            scan.restartAt(at, position);
            return true;
        }
    }

    private FileHandle file(long number, String name, FileHandle.Opener opener) {
        FileHandle file = new FileHandle(number, store.path().resolve(name), opener);
        files.add(file);
        return file;
    }

    /** Null if there is no such file, or nothing of it can be read. */
    private static @Nullable FrameSource acquired(FileHandle file) {
        try {
            return file.acquire();
        } catch (IOException gone) {
            return null;
        }
    }
}
