package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts another directory in the place of a partition's, which goes to {@code quarantine} whole: made beside it, forced, and
 * exchanged by two renames.
 *
 * <pre>
 * repairing/partition-0007.tmp   being made, or left by a process that died
 * repairing/partition-0007       whole
 * </pre>
 *
 * A process that dies between the two renames leaves no partition and a whole directory here: {@link #finish} does the
 * second. Until then the partition refuses, for its files are missing. One thread, with the directory locked.
 */
public final class Replacement {

    private final Path directory;
    private final PartitionId partition;
    private final Path partitionPath;
    private final Path whole;
    private final Path made;

    /** Of the data directory {@code directory}. */
    public Replacement(Path directory, PartitionId partition) {
        this.directory = directory;
        this.partition = partition;
        this.partitionPath = DirectoryLayout.partition(directory, partition);
        Path repairing = DirectoryLayout.repairing(directory);
        this.whole = repairing.resolve(partitionPath.getFileName());
        this.made = repairing.resolve(partitionPath.getFileName() + ".tmp");
    }

    /**
     * The partitions of which something is left in {@code repairing} by a process that died, of no use to anybody: the partition is there, or no
     * node looks at one of that number. It is to be deleted before it can be taken for the end of a repair, should the
     * partition be lost one day: it is older than what was stored since.
     *
     * @param partitionCount of the data directory {@code directory}
     */
    public static SortedSet<PartitionId> leftovers(Path directory, int partitionCount) throws IOException {
        SortedSet<PartitionId> leftovers = new TreeSet<>();
        for (PartitionId partition : DirectoryLayout.beingRepaired(directory)) {
            Path here = DirectoryLayout.partition(directory, partition);
            if (partition.value() >= partitionCount || Files.exists(DirectoryLayout.limits(here))) {
                leftovers.add(partition);
            }
        }
        return leftovers;
    }

    /** Deletes {@link #leftovers}; whose they were. */
    public static SortedSet<PartitionId> deleteLeftovers(Path directory, int partitionCount) throws IOException {
        SortedSet<PartitionId> leftovers = leftovers(directory, partitionCount);
        for (PartitionId partition : leftovers) {
            new Replacement(directory, partition).abandon();
        }
        return leftovers;
    }

    /** Where the partition's is made. */
    public Path place() {
        return Files.exists(whole) ? whole : made;
    }

    /** Whether a process died within {@link #exchange}. */
    public boolean isUnfinished() {
        return Files.isDirectory(whole) && !Files.exists(partitionPath);
    }

    /** An empty directory to be filled with the log; what an earlier process left there is deleted. */
    public Path begin() throws IOException {
        abandon();
        DurableFiles.createDirectories(made);
        return made;
    }

    /** Deletes what was made since {@link #begin}, before {@link #exchange}: it takes room, and is of no use. */
    public void abandon() throws IOException {
        deleteTree(made);
        deleteTree(whole);
        deleteIfEmpty();
    }

    /**
     * Adds the small files and puts it all in the partition's place; returns when that is on the medium. The log in it has been
     * forced.
     *
     * @param end of the log in it
     * @return where the partition is that was there, in {@code quarantine}; the place it would have if there was none
     */
    public Path exchange(Limits limits, Lsn end) throws IOException {
        LimitsFile.create(DirectoryLayout.limits(made), partition.value(), limits);
        HighWaterMark.create(DirectoryLayout.highWaterMark(made), partition, end);
        DurableFiles.forceDirectory(made);
        Path target = DirectoryLayout.quarantine(directory).resolve(SetAside.freeName(directory, partition));
        DurableFiles.createDirectories(DirectoryLayout.quarantine(directory));
        move(made, whole);
        if (Files.exists(partitionPath)) {
            move(partitionPath, target);
        }
        finish();
        return target;
    }

    /** Does what a process that died within {@link #exchange} has left to do. */
    public void finish() throws IOException {
        move(whole, partitionPath);
        deleteIfEmpty();
    }

    /** The directory in which this is done. */
    private void deleteIfEmpty() throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(DirectoryLayout.repairing(directory))) {
            if (others.iterator().hasNext()) {
                return;
            }
        } catch (NoSuchFileException nothingWasBegun) {
            return;
        }
        Files.delete(DirectoryLayout.repairing(directory));
        DurableFiles.forceDirectory(directory);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        for (Path name : List.of(from, to)) {
            Path parent = name.getParent();
            if (parent != null) {
                DurableFiles.forceDirectory(parent);
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> tree = Files.walk(root)) {
            tree.forEach(all::add);
        }
        all.sort(Comparator.reverseOrder());
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
