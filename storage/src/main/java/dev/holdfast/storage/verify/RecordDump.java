package dev.holdfast.storage.verify;

import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.chronicle.ChronicleRuntime;
import dev.holdfast.storage.log.frame.FrameScan;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.frame.RecordImage;
import dev.holdfast.storage.log.frame.RecordType;
import dev.holdfast.storage.log.frame.RunningHash;
import dev.holdfast.storage.log.frame.SnapshotDecoder;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a partition as YAML, one document per record: what its newest checkpoint holds, then the records of its segments,
 * in order, with the place of each. Bytes of users are shown as their length and beginning. It streams. One thread, once.
 */
public final class RecordDump {

    private final PartitionStore store;
    private final Lsn from;
    private final Appendable out;
    private final YamlText yaml;
    private long left;
    private @Nullable LogDamage damage;

    /**
     * Writes documents to {@code out}.
     *
     * @param from records before it are left out, and the checkpoint where it describes the log before this only
     * @param limit how many documents at most
     * @return the first damage that it came to; it is a document too, and what can be read behind it follows
     * @throws dev.holdfast.storage.log.chronicle.PreflightException this JVM lacks a flag; the message names it
     * @throws IOException a file cannot be read, or {@code out} not written
     */
    public static Optional<LogDamage> dump(
            StoppedDirectory directory, PartitionId partition, Lsn from, long limit, Appendable out)
            throws IOException {
        ChronicleRuntime.start();
        Path path = DirectoryLayout.partition(directory.path(), partition);
        return new RecordDump(Verifier.STORES.open(path, partition), from, limit, out).run();
    }

    /**
     * As {@link #dump}, of a node that runs: up to the end that it tells as committed. The files are held open first, so
     * that a checkpoint that replaces them meanwhile takes nothing away.
     *
     * @throws IOException also: the node does not answer
     */
    public static Optional<LogDamage> dumpLive(
            Path directory, LiveEnds ends, PartitionId partition, Lsn from, long limit, Appendable out)
            throws IOException {
        ChronicleRuntime.start();
        PartitionStore store = Verifier.STORES.open(DirectoryLayout.partition(directory, partition), partition);
        Optional<LivePartition> live = LivePartition.open(store, ends);
        if (live.isEmpty()) { // it refuses, so nobody writes it
            return new RecordDump(store, from, limit, out).run();
        }
        try (LivePartition open = live.get()) {
            return new RecordDump(open.store(), from, limit, out).run(open::extents);
        }
    }

    RecordDump(PartitionStore store, Lsn from, long limit, Appendable out) {
        this.store = store;
        this.from = from;
        this.left = limit;
        this.out = out;
        this.yaml = new YamlText(store.partition());
    }

    /** Writes the documents; damage is a document too, and the first is returned. */
    Optional<LogDamage> run() throws IOException {
        return run(reader -> reader.extents(store.contents().segments()));
    }

    /** Which segments, and where each ends. */
    private interface Extents {
        List<SegmentReader.Extent> of(SegmentReader reader) throws IOException;
    }

    private Optional<LogDamage> run(Extents extents) throws IOException {
        PartitionStore.Contents contents = store.contents();
        List<Long> checkpoints = contents.checkpoints();
        if (!checkpoints.isEmpty()) {
            dumpCheckpoint(checkpoints.get(checkpoints.size() - 1));
        }
        SegmentReader reader = new SegmentReader(store);
        for (SegmentReader.Extent segment : extents.of(reader)) {
            LogEnd end = segment.acceptedEnd();
            if (left > 0 && (end == null || end.lsn().compareTo(from) >= 0)) {
                dumpDamage(reader.read(segment, new Printer()).damage());
            }
        }
        return Optional.ofNullable(damage);
    }

    private void dumpCheckpoint(long number) throws IOException {
        try (FrameSource source = store.openCheckpoint(number)) {
            FrameScan scan = new FrameScan(source, store.partition(), number);
            scan.continueAfter(0, RunningHash.EMPTY, 0);
            SnapshotDecoder decoder = new SnapshotDecoder();
            while (left > 0) {
                FrameScan.Step step = scan.next();
                if (step == FrameScan.Step.BAD) {
                    dumpDamage(scan.damage());
                }
                if (step != FrameScan.Step.RECORD || scan.image().type() == RecordType.CHECKPOINT_END) {
                    return;
                }
                if (scan.image().type() != RecordType.CHECKPOINT_BEGIN) {
                    print(source, scan.image().offset(), decoder.decode(scan.image()), number);
                } else if (decoder.decodeBegin(scan.image()).at().lsn().compareTo(from) < 0) {
                    return;
                }
            }
        }
    }

    private void print(FrameSource source, long offset, SnapshotItem item, long checkpoint) throws IOException {
        place(source, offset).number("checkpoint", checkpoint).value((Record) item);
        append();
    }

    /** Prints the records of a segment. */
    private final class Printer implements SegmentReader.Handler {

        private boolean reached;

        @Override
        public boolean onReplicated(FrameSource source, RecordImage image, LogRecord.Replicated replicated)
                throws IOException {
            if (image.position() < from.value()) {
                return true;
            }
            reached = true;
            place(source, image.offset())
                    .number("lsn", image.position())
                    .number("epoch", image.epoch())
                    .value((Record) replicated);
            return append();
        }

        @Override
        public boolean onLocal(FrameSource source, RecordImage image, Record local) throws IOException {
            if (!reached && from.compareTo(Lsn.NONE) > 0) {
                return true; // it stands before what was asked for
            }
            place(source, image.offset()).value(local);
            return append();
        }
    }

    private void dumpDamage(@Nullable LogDamage found) throws IOException {
        if (found == null) {
            return;
        }
        damage = damage == null ? found : damage;
        out.append(yaml.begin()
                .text("file", inDirectory(found.file()))
                .number("offset", found.offset())
                .value(new Damage(found.expected(), found.found()))
                .end());
    }

    private YamlText place(FrameSource source, long offset) {
        return yaml.begin().text("file", inDirectory(source.file())).number("offset", offset);
    }

    /** A file as it is called from the data directory. */
    private String inDirectory(Path file) {
        Path directory = store.path().getParent();
        return (directory != null && file.startsWith(directory) ? directory.relativize(file) : file).toString();
    }

    /** Returns whether more may follow. */
    private boolean append() throws IOException {
        out.append(yaml.end());
        left--;
        return left > 0;
    }

    record Damage(String expected, String found) {}
}
