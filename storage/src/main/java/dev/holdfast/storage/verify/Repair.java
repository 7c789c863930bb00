package dev.holdfast.storage.verify;

import dev.holdfast.storage.directory.BootId;
import dev.holdfast.storage.directory.DamagedFileException;
import dev.holdfast.storage.directory.DirectoryLayout;
import dev.holdfast.storage.directory.DurableFiles;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.Limits;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.directory.Replacement;
import dev.holdfast.storage.directory.SetAside;
import dev.holdfast.storage.directory.StoppedDirectory;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.chronicle.ChronicleRuntime;
import dev.holdfast.storage.log.chronicle.FileStore;
import dev.holdfast.storage.log.segment.LogSettings;
import dev.holdfast.storage.log.segment.Salvage;
import dev.holdfast.storage.log.segment.SalvageHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Gives damaged partitions of a stopped node's directory something that they can go on with; what is damaged goes to {@code
 * quarantine} whole, and nothing is deleted. Of a node alone that is what can still be read; of a cluster's member nothing, for
 * the others have it. What the records mean is for the caller to say. One thread.
 */
public final class Repair implements AutoCloseable {

    private final StoppedDirectory directory;
    private final boolean dryRun;

    private Repair(StoppedDirectory directory, boolean dryRun) {
        this.directory = directory;
        this.dryRun = dryRun;
    }

    /**
     * Opens the directory of a node that does not run, and keeps nodes out until {@link #close}.
     *
     * @param who what this process is doing, for a node that is started meanwhile
     * @param dryRun whether nothing is to be changed: readers are let in then
     * @throws dev.holdfast.storage.directory.DirectoryInUseException a node has it open
     * @throws dev.holdfast.storage.directory.DirectoryRefusedException it is no data directory
     */
    public static Repair open(Path directory, String who, boolean dryRun) throws IOException {
        ChronicleRuntime.start();
        StoppedDirectory opened =
                dryRun ? StoppedDirectory.open(directory, who) : StoppedDirectory.openToChange(directory, who);
        return new Repair(opened, dryRun);
    }

    /** Absolute. */
    public Path directory() {
        return directory.path();
    }

    /** Whether it is a directory of a cluster's member: its partitions are learnt again, not salvaged. */
    public boolean isOfMember() {
        return Files.exists(DirectoryLayout.cluster(directory.path()));
    }

    /** As {@link Verifier#verify}. */
    public VerifyReport verify() throws IOException {
        return new Verifier(directory).verify();
    }

    /** The partitions that refuse, by what {@link #verify} found; without those of {@link #unfinished}. */
    public SortedSet<PartitionId> damaged(VerifyReport report) {
        SortedSet<PartitionId> damaged = new TreeSet<>();
        for (Finding finding : report.findings()) {
            PartitionId partition = finding.partition();
            if (partition != null
                    && finding.severity() == Severity.DAMAGE
                    && !new Replacement(directory.path(), partition).isUnfinished()) {
                damaged.add(partition);
            }
        }
        return damaged;
    }

    /** The partitions whose repair was cut short when all but a rename was done. */
    public SortedSet<PartitionId> unfinished(VerifyReport report) {
        SortedSet<PartitionId> unfinished = new TreeSet<>();
        report.findings().stream()
                .flatMap(finding -> Stream.ofNullable(finding.partition()))
                .filter(partition -> new Replacement(directory.path(), partition).isUnfinished())
                .forEach(unfinished::add);
        return unfinished;
    }

    /** Ends what {@link #unfinished} has named. */
    public void finish(PartitionId partition) throws IOException {
        checkMayChange();
        new Replacement(directory.path(), partition).finish();
    }

    /**
     * What the small files of a partition still say.
     *
     * @param limits empty also where one of the two copies is damaged: that may be the newer one, with a higher reservation
     * @param mark acknowledged end of its log
     */
    public record Marks(Optional<Limits> limits, Optional<Lsn> mark) {}

    /** @throws dev.holdfast.storage.directory.NewerFormatException a newer version wrote it: it is not damaged */
    public Marks marks(PartitionId partition) throws IOException {
        Path path = DirectoryLayout.partition(directory.path(), partition);
        Path limits = DirectoryLayout.limits(path);
        Path mark = DirectoryLayout.highWaterMark(path);
        return new Marks(
                whole(limits, () -> LimitsFile.read(limits, partition.value()))
                        .filter(reading -> !reading.oneSlotDamaged())
                        .map(LimitsFile.Reading::limits),
                whole(mark, () -> HighWaterMark.read(mark, partition)));
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> Optional<T> whole(Path file, Reading<T> reading) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reading.read());
        } catch (NoSuchFileException | DamagedFileException | LogDamagedException damaged) {
            return Optional.empty();
        }
    }

    /**
     * Reads what is left of a partition's log, and changes nothing.
     *
     * @param inlineLimit length in bytes over which a body stays in the log
     * @return to read bodies with, and to close
     * @throws dev.holdfast.storage.log.frame.UnreadableRecordException a newer version wrote it: it is not damaged
     */
    public Salvage salvage(PartitionId partition, Marks marks, long inlineLimit, SalvageHandler handler)
            throws IOException {
        Path path = DirectoryLayout.partition(directory.path(), partition);
        return Salvage.read(store(partition, path), marks.mark(), inlineLimit, handler);
    }

    /**
     * Puts a log that has {@code snapshot} in the place of what is there, which goes to {@code quarantine}; returns when all is on
     * the medium, and where it is. A process that dies meanwhile leaves the partition as it was, or {@link #unfinished}; one that finds
     * no room for the new log, or can not read the old one any more, leaves it as it was.
     *
     * @param reservedEndExclusive above every task sequence that may have been issued
     */
    public Path replace(
            PartitionId partition,
            Salvage salvage,
            Marks marks,
            long reservedEndExclusive,
            Stream<SnapshotItem> snapshot)
            throws IOException {
        checkMayChange();
        Limits node = LimitsFile.read(DirectoryLayout.nodeLimits(directory.path()), LimitsFile.NODE)
                .limits();
        Limits last = marks.limits().orElse(node);
        Replacement replacement = new Replacement(directory.path(), partition);
        try {
            salvage.writeTo(
                    store(partition, replacement.begin()), LogSettings.DEFAULT_FRAME_LIMIT, last.session(), snapshot);
        } catch (IOException | RuntimeException e) {
            abandon(replacement, e);
            throw e;
        }
        return replacement.exchange(
                new Limits(last.session(), last.clean(), last.bootId(), reservedEndExclusive),
                salvage.end().lsn());
    }

    private static void abandon(Replacement replacement, Exception cause) {
        try {
            replacement.abandon();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /**
     * Sets a member's partition aside, see {@link SetAside}: it is learnt again from the others when the node is started.
     *
     * @return where it is now
     */
    public Path setAside(PartitionId partition) throws IOException {
        checkMayChange();
        Path path = directory.path();
        DurableFiles.createDirectories(DirectoryLayout.partition(path, partition));
        return SetAside.of(path, partition).move(BootId.ofSystem().of(path));
    }

    /** Deletes what earlier repairs that were killed have left and that nobody uses. */
    public void deleteLeftovers() throws IOException {
        checkMayChange();
        SortedSet<PartitionId> unused = Replacement.deleteLeftovers(
                directory.path(), directory.properties().partitionCount());
    }

    private void checkMayChange() {
        if (dryRun) {
            throw new IllegalStateException("Opened to look only: directory=" + directory.path());
        }
    }

    private static FileStore store(PartitionId partition, Path path) {
        return new FileStore(partition, path, LogSettings.MIN_SEGMENT_BYTES);
    }

    /** Lets nodes in again. Idempotent. */
    @Override
    public void close() throws IOException {
        directory.close();
    }
}
