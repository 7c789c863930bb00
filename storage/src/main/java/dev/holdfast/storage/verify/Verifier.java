package dev.holdfast.storage.verify;

import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.directory.NodeProperties;
import dev.holdfast.storage.directory.Replacement;
import dev.holdfast.storage.directory.SetAside;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.chronicle.ChronicleRuntime;
import dev.holdfast.storage.log.chronicle.FileStore;
import dev.holdfast.storage.log.segment.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Looks through the data directory of a node that was stopped or killed: its identity, limits and high-water marks, every
 * segment and checkpoint, record for record, and where each log ends against where it has to. Changes nothing. What it
 * finds is what the next start, here and now, would make of it. Any thread, one at a time.
 */
public final class Verifier {

    /** The size of a segment matters to whoever makes one only. */
    static final StoreOpener STORES =
            (path, partition) -> new FileStore(partition, path, LogSettings.MIN_SEGMENT_BYTES);

    private final StoppedDirectory directory;
    private final BootId bootId;
    private final StoreOpener stores;

    /** @throws dev.holdfast.storage.log.chronicle.PreflightException this JVM lacks a flag; the message names it */
    public Verifier(StoppedDirectory directory) {
        this(directory, BootId.ofSystem(), STORES);
        ChronicleRuntime.start();
    }

    Verifier(StoppedDirectory directory, BootId bootId, StoreOpener stores) {
        this.directory = directory;
        this.bootId = bootId;
        this.stores = stores;
    }

    /**
     * Reads everything, about as fast as the disk gives it.
     *
     * @throws IOException the directory itself cannot be listed; a file that cannot be read is a finding
     */
    public VerifyReport verify() throws IOException {
        Path path = directory.path();
        String currentBoot = bootId.of(path);
        Findings ofNode = new Findings(null);
        Optional<NodeProperties> properties =
                ofNode.ofLook(DirectoryLayout.nodeProperties(path), Severity.DAMAGE, directory::properties);
        verifyNodeLimits(DirectoryLayout.nodeLimits(path), ofNode);
        List<PartitionTotals> totals = new ArrayList<>();
        List<Finding> findings = new ArrayList<>(ofNode.all());
        for (PartitionId partition : partitions(properties)) {
            Findings ofPartition = new Findings(partition);
            verifyPartition(partition, properties, currentBoot, ofPartition).ifPresent(totals::add);
            findings.addAll(ofPartition.all());
        }
        int count = properties.map(NodeProperties::partitionCount).orElse(PartitionId.MAX + 1);
        for (PartitionId partition : Replacement.leftovers(path, count)) {
            Findings left = new Findings(partition);
            left.add(
                    Severity.NOTE,
                    new Replacement(path, partition).place(),
                    -1,
                    "nothing",
                    "what a repair that was killed had made; nothing reads it, the next start or repair deletes it");
            findings.addAll(left.all());
        }
        for (SetAside.Copy copy : SetAside.copies(path)) {
            Findings aside = new Findings(copy.partition());
            aside.add(
                    Severity.NOTE, copy.path(), -1, "nothing", "a log that was set aside; nothing reads or deletes it");
            findings.addAll(aside.all());
        }
        return new VerifyReport(path, properties, totals, findings);
    }

    private static void verifyNodeLimits(Path file, Findings findings) {
        findings.ofLook(file, Severity.DAMAGE, () -> LimitsFile.read(file, LimitsFile.NODE))
                .filter(LimitsFile.Reading::oneSlotDamaged)
                .ifPresent(reading -> findings.add(
                        Severity.WARNING, file, 0, "two whole slots", "one; the next start makes the other whole"));
    }

    private SortedSet<PartitionId> partitions(Optional<NodeProperties> properties) throws IOException {
        SortedSet<PartitionId> partitions = new TreeSet<>(DirectoryLayout.partitions(directory.path()));
        for (int i = 0; i < properties.map(NodeProperties::partitionCount).orElse(0); i++) {
            partitions.add(new PartitionId(i));
        }
        return partitions;
    }

    private Optional<PartitionTotals> verifyPartition(
            PartitionId partition, Optional<NodeProperties> properties, String currentBoot, Findings findings)
            throws IOException {
        Path path = DirectoryLayout.partition(directory.path(), partition);
        if (!Files.isDirectory(path)) {
            boolean cutShort = new Replacement(directory.path(), partition).isUnfinished();
            findings.add(
                    Severity.DAMAGE,
                    path,
                    -1,
                    "the directory of a partition",
                    cutShort ? "none: a repair was cut short, and the next one does its last step" : "none");
            return Optional.empty();
        }
        if (properties.isPresent() && partition.value() >= properties.get().partitionCount()) {
            String count = "partition-count=" + properties.get().partitionCount();
            findings.add(Severity.WARNING, path, -1, count, "a directory of partition=" + partition);
            return Optional.empty(); // no start looks at it
        }
        if (SetAside.isEmptied(directory.path(), partition)) {
            findings.add(
                    Severity.WARNING,
                    path,
                    -1,
                    "a copy that is in sync",
                    "one whose log was set aside, and that has to learn from the others before it counts");
        }
        return Optional.of(new PartitionVerifier(stores.open(path, partition), path, currentBoot, findings).run());
    }
}
