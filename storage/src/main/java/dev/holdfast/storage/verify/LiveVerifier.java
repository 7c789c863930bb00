package dev.holdfast.storage.verify;

import dev.holdfast.storage.checkpoint.CheckpointReader;
import dev.holdfast.storage.checkpoint.CheckpointSummary;
import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.directory.NodeProperties;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.chronicle.ChronicleRuntime;
import dev.holdfast.storage.log.frame.FrameSource;
import dev.holdfast.storage.log.segment.PartitionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Looks through the files of a node that runs, from another process: each partition up to the end that the node told as
 * committed. It holds no lock, writes nothing, and asks the node for those ends only. A partition that refuses is looked at as
 * a stopped node's, for nobody writes it. Any thread, one at a time.
 */
public final class LiveVerifier {

    /** What is damaged stays so; what was met in the middle of a change does not. */
    private static final int LOOKS = 3;

    private final Path directory;
    private final LiveEnds ends;

    /** @throws dev.holdfast.storage.log.chronicle.PreflightException this JVM lacks a flag; the message names it */
    public LiveVerifier(Path directory, LiveEnds ends) {
        this.directory = directory;
        this.ends = ends;
        ChronicleRuntime.start();
    }

    /**
     * Reads everything, about as fast as the disk gives it.
     *
     * @throws IOException the node does not answer any more, or the directory cannot be listed
     */
    public VerifyReport verify() throws IOException {
        Findings ofNode = new Findings(null);
        Path file = DirectoryLayout.nodeProperties(directory);
        Optional<NodeProperties> properties = ofNode.ofLook(file, Severity.DAMAGE, () -> NodeProperties.read(file));
        SortedSet<PartitionId> partitions = new TreeSet<>(DirectoryLayout.partitions(directory));
        for (int i = 0; i < properties.map(NodeProperties::partitionCount).orElse(0); i++) {
            partitions.add(new PartitionId(i));
        }
        List<PartitionTotals> totals = new ArrayList<>();
        List<Finding> findings = new ArrayList<>(ofNode.all());
        for (PartitionId partition : partitions) {
            Looked looked = look(partition);
            totals.add(looked.totals());
            findings.addAll(looked.findings());
        }
        return new VerifyReport(directory, properties, totals, findings);
    }

    private record Looked(PartitionTotals totals, List<Finding> findings) {
        boolean isDamaged() {
            return findings.stream().anyMatch(finding -> finding.severity() == Severity.DAMAGE);
        }
    }

    private Looked look(PartitionId partition) throws IOException {
        Looked looked = lookOnce(partition);
        for (int again = 1; looked.isDamaged() && again < LOOKS; again++) {
            looked = lookOnce(partition);
        }
        return looked;
    }

    private Looked lookOnce(PartitionId partition) throws IOException {
        Path path = DirectoryLayout.partition(directory, partition);
        PartitionStore store = Verifier.STORES.open(path, partition);
        Findings findings = new Findings(partition);
        Optional<LivePartition> live = LivePartition.open(store, ends);
        if (live.isEmpty()) {
            String bootId = BootId.ofSystem().of(directory);
            return new Looked(new PartitionVerifier(store, path, bootId, findings).run(), findings.all());
        }
        try (LivePartition open = live.get()) {
            return new Looked(read(open, path, findings), findings.all());
        }
    }

    private static PartitionTotals read(LivePartition live, Path path, Findings findings) throws IOException {
        PartitionId partition = live.store().partition();
        Counts counts = new Counts();
        findings.ofLook(path, Severity.DAMAGE, () -> counts.readCheckpoint(live.store()));
        findings.ofLook(path, Severity.DAMAGE, () -> counts.readSegments(live, findings));
        Path limitsFile = DirectoryLayout.limits(path);
        Path markFile = DirectoryLayout.highWaterMark(path);
        // one of the two slots may be half written just now
        Optional<LimitsFile.Reading> limits =
                findings.ofLook(limitsFile, Severity.DAMAGE, () -> LimitsFile.read(limitsFile, partition.value()));
        Optional<Lsn> mark = findings.ofLook(markFile, Severity.DAMAGE, () -> HighWaterMark.read(markFile, partition));
        return new PartitionTotals(
                partition,
                counts.records,
                counts.bytes,
                counts.segments,
                counts.checkpoint == null ? Lsn.NONE : counts.checkpoint.at().lsn(),
                counts.checkpoint == null ? 0 : counts.checkpoint.items(),
                counts.checkpoint != null
                                && counts.reached
                                                .lsn()
                                                .compareTo(
                                                        counts.checkpoint.at().lsn())
                                        < 0
                        ? counts.checkpoint.at()
                        : counts.reached,
                mark.orElse(Lsn.NONE),
                limits.map(reading -> reading.limits().reservedEndExclusive()).orElse(0L),
                limits.map(reading -> reading.limits().session()).orElse(0L),
                false);
    }

    /** What was read of one partition. */
    private static final class Counts {
        private long records;
        private long bytes;
        private int segments;
        private LogEnd reached = LogEnd.EMPTY;
        private @org.jspecify.annotations.Nullable CheckpointSummary checkpoint;

        Boolean readCheckpoint(PinnedStore store) throws IOException {
            for (long number : store.contents().checkpoints()) {
                try (FrameSource source = store.openCheckpoint(number)) {
                    long[] end = new long[1];
                    checkpoint = new CheckpointReader(source, store.partition(), number)
                            .read((item, image) -> end[0] = image.offset() + image.length());
                    bytes += end[0];
                }
            }
            return true;
        }

        Boolean readSegments(LivePartition live, Findings findings) throws IOException {
            SegmentReader reader = new SegmentReader(live.store());
            for (SegmentReader.Extent extent : live.extents(reader)) {
                SegmentFacts facts = reader.read(extent, SegmentReader.NOBODY);
                segments++;
                records += facts.records();
                bytes += facts.bytes();
                reached = facts.end();
                if (facts.damage() != null) {
                    findings.add(Severity.DAMAGE, facts.damage());
                }
            }
            boolean missing = reached.lsn().compareTo(live.end().lsn()) < 0
                    && (checkpoint == null
                            || checkpoint.at().lsn().compareTo(live.end().lsn()) < 0);
            if (missing && findings.all().isEmpty()) {
                findings.add(
                        Severity.DAMAGE,
                        live.store().path(),
                        -1,
                        "records up to the committed end, lsn="
                                + live.end().lsn().value(),
                        "records up to lsn=" + reached.lsn().value());
            }
            return true;
        }
    }
}
