package dev.holdfast.storage.verify;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.segment.PartitionStore;
import dev.holdfast.storage.log.segment.StoppedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks through one partition twice: every file for itself, so that no damage hides another; then as the next start would,
 * by recovery itself without its changes, so that the verdict is the one that counts. One thread, once.
 */
final class PartitionVerifier {

    static final ReplayHandler NOBODY = new ReplayHandler() {
        @Override
        public void onSnapshot(SnapshotItem item) {}

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {}
    };

    /** Any will do where nobody keeps a body; the default's keeps large ones out of memory. */
    private static final long INLINE_LIMIT = 4096;

    private final PartitionStore store;
    private final Path directory;
    private final String bootId;
    private final Findings findings;
    private final List<SegmentFacts> segments = new ArrayList<>();
    private final List<CheckpointSummary> checkpoints = new ArrayList<>();
    private long checkpointBytes;

    /**
     * @param directory of the partition
     * @param bootId identity of the page cache now
     */
    PartitionVerifier(PartitionStore store, Path directory, String bootId, Findings findings) {
        this.store = store;
        this.directory = directory;
        this.bootId = bootId;
        this.findings = findings;
    }

    PartitionTotals run() {
        PartitionId partition = store.partition();
        Path limitsFile = DirectoryLayout.limits(directory);
        Path markFile = DirectoryLayout.highWaterMark(directory);
        Optional<LimitsFile.Reading> limits =
                findings.ofLook(limitsFile, Severity.DAMAGE, () -> LimitsFile.read(limitsFile, partition.value()));
        Optional<Lsn> mark = findings.ofLook(markFile, Severity.DAMAGE, () -> HighWaterMark.read(markFile, partition));
        limits.filter(LimitsFile.Reading::oneSlotDamaged)
                .ifPresent(reading -> findings.add(
                        Severity.WARNING,
                        limitsFile,
                        0,
                        "two whole slots",
                        "one; the next start makes the other whole"));
        findings.ofLook(directory, Severity.DAMAGE, this::readFiles);
        if (limits.isPresent() && mark.isPresent()) {
            StoppedMarks marks = new StoppedMarks(limits.get().limits(), mark.get(), bootId);
            findings.ofLook(directory, Severity.DAMAGE, () -> judge(marks));
        }
        reportFiles();
        return totals(limits, mark);
    }

    private Boolean readFiles() throws IOException {
        PartitionStore.Contents contents = store.contents();
        SegmentReader reader = new SegmentReader(store);
        for (SegmentReader.Extent segment : reader.extents(contents.segments())) {
            segments.add(reader.read(segment, SegmentReader.NOBODY));
        }
        for (long number : contents.checkpoints()) {
            // only the newest is read by a start; an older one is about to be deleted
            boolean newest =
                    number == contents.checkpoints().get(contents.checkpoints().size() - 1);
            findings.ofLook(directory, newest ? Severity.DAMAGE : Severity.WARNING, () -> readCheckpoint(number))
                    .ifPresent(checkpoints::add);
        }
        return true;
    }

    private CheckpointSummary readCheckpoint(long number) throws IOException {
        try (FrameSource source = store.openCheckpoint(number)) {
            long[] end = new long[1];
            CheckpointSummary summary = new CheckpointReader(source, store.partition(), number)
                    .read((item, image) -> end[0] = image.offset() + image.length());
            checkpointBytes += end[0];
            return summary;
        }
    }

    /** What a start would say that goes on with this log. */
    private Boolean judge(StoppedMarks marks) throws IOException {
        try (StoppedLog log = StoppedLog.replay(store, marks, INLINE_LIMIT, NOBODY)) {
            Path file = segments.isEmpty()
                    ? directory
                    : segments.get(segments.size() - 1).file();
            Severity severity = log.tailLost() ? Severity.WARNING : Severity.NOTE;
            log.setAside().ifPresent(note -> findings.add(severity, file, -1, "a log that was closed in order", note));
            if (log.tailLost() && log.setAside().isEmpty()) {
                String expected =
                        "records up to the high-water mark, lsn=" + marks.mark().value();
                String found = "fewer, after a loss of the page cache: the log goes on from lsn="
                        + log.end().lsn().value();
                findings.add(severity, file, -1, expected, found);
            }
            // in a cluster the control table bounds what is issued, and a copy of another's tasks reserves nothing
            boolean alone = !Files.exists(DirectoryLayout.cluster(directory.resolve("..")));
            if (alone && log.nextSequence() > marks.limits().reservedEndExclusive()) {
                findings.add(
                        Severity.WARNING,
                        DirectoryLayout.limits(directory),
                        -1,
                        "a reservation above every task, sequence=" + (log.nextSequence() - 1),
                        "reservedEndExclusive=" + marks.limits().reservedEndExclusive() + ", as from an older copy");
            }
            return true;
        }
    }

    /** What recovery did not come to, because it stopped before or does not need the file. */
    private void reportFiles() {
        boolean refused = findings.all().stream().anyMatch(finding -> finding.severity() == Severity.DAMAGE);
        long needed = checkpoints.isEmpty()
                ? -1
                : checkpoints.get(checkpoints.size() - 1).firstSegment();
        for (int i = 0; i < segments.size(); i++) {
            SegmentFacts segment = segments.get(i);
            if (segment.damage() == null) {
                continue;
            }
            if (segment.number() < needed) {
                findings.add(Severity.WARNING, segment.damage());
            } else if (i < segments.size() - 1) {
                findings.add(Severity.DAMAGE, segment.damage());
            } else if (refused) { // else it was judged: a torn tail, or a loss that was told
                findings.add(Severity.NOTE, segment.damage());
            }
        }
    }

    private PartitionTotals totals(Optional<LimitsFile.Reading> limits, Optional<Lsn> mark) {
        CheckpointSummary checkpoint = checkpoints.isEmpty() ? null : checkpoints.get(checkpoints.size() - 1);
        LogEnd end = checkpoint == null ? LogEnd.EMPTY : checkpoint.at();
        for (SegmentFacts segment : segments) {
            if (segment.opened() != null && segment.end().lsn().compareTo(end.lsn()) > 0) {
                end = segment.end();
            }
        }
        return new PartitionTotals(
                store.partition(),
                segments.stream().mapToLong(SegmentFacts::records).sum(),
                segments.stream().mapToLong(SegmentFacts::bytes).sum() + checkpointBytes,
                segments.size(),
                checkpoint == null ? Lsn.NONE : checkpoint.at().lsn(),
                checkpoint == null ? 0 : checkpoint.items(),
                end,
                mark.orElse(Lsn.NONE),
                limits.map(reading -> reading.limits().reservedEndExclusive()).orElse(0L),
                limits.map(reading -> reading.limits().session()).orElse(0L),
                limits.map(reading -> reading.limits().clean()).orElse(false));
    }
}
