package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names in a data directory. What lies beside the small files of a partition belongs to its log.
 *
 * <pre>
 * node.lock                 held by the process that has the directory open, names it
 * node.properties           identity, written once
 * admin.sock                of a running node, for the console; means nothing without one
 * node.limits               session, clean-shutdown marker, boot id
 * node.cluster              of a member: cluster, founding record, control session; see {@link ClusterFile}
 * control/                  of a member: the log of the control plane
 * partition-0007/limits     reserved end of the task sequence; session, marker and boot id of who last wrote the log
 * partition-0007/high-water acknowledged end of the log
 * partition-0007/epoch      highest epoch seen, of a replica
 * partition-0007/emptied    of a replica whose log was set aside and is not learnt again; see {@link SetAside}
 * quarantine/               logs that were set aside; nothing reads or deletes them
 * repairing/                what a repair puts in a partition's place, until it does; see {@link Replacement}
 * </pre>
 */
public final class DirectoryLayout {

    private static final Pattern PARTITION = Pattern.compile("partition-(\\d{4,5})");
    private static final Pattern REPAIRED = Pattern.compile("partition-(\\d{4,5})(?:\\.tmp)?");

    private DirectoryLayout() {}

    public static Path lock(Path directory) {
        return directory.resolve("node.lock");
    }

    public static Path nodeProperties(Path directory) {
        return directory.resolve("node.properties");
    }

    public static Path nodeLimits(Path directory) {
        return directory.resolve("node.limits");
    }

    public static Path cluster(Path directory) {
        return directory.resolve("node.cluster");
    }

    public static Path controlPlane(Path directory) {
        return directory.resolve("control");
    }

    public static Path partition(Path directory, PartitionId partition) {
        return directory.resolve(String.format(Locale.ROOT, "partition-%04d", partition.value()));
    }

    public static Path limits(Path partitionDirectory) {
        return partitionDirectory.resolve("limits");
    }

    public static Path highWaterMark(Path partitionDirectory) {
        return partitionDirectory.resolve("high-water");
    }

    public static Path epoch(Path partitionDirectory) {
        return partitionDirectory.resolve("epoch");
    }

    static Path emptied(Path partitionDirectory) {
        return partitionDirectory.resolve("emptied");
    }

    static Path quarantine(Path directory) {
        return directory.resolve("quarantine");
    }

    static Path repairing(Path directory) {
        return directory.resolve("repairing");
    }

    /** The partitions that have a directory, in order. */
    public static List<PartitionId> partitions(Path directory) throws IOException {
        return partitions(directory, PARTITION);
    }

    /** The partitions of which there is something in {@code repairing}, in order. */
    static List<PartitionId> beingRepaired(Path directory) throws IOException {
        Path repairing = repairing(directory);
        return Files.isDirectory(repairing) ? partitions(repairing, REPAIRED) : List.of();
    }

    private static List<PartitionId> partitions(Path directory, Pattern names) throws IOException {
        List<PartitionId> partitions = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path entry : entries) {
                Matcher name = names.matcher(String.valueOf(entry.getFileName()));
                if (name.matches() && Integer.parseInt(name.group(1)) <= PartitionId.MAX) {
                    partitions.add(new PartitionId(Integer.parseInt(name.group(1))));
                }
            }
        }
        Collections.sort(partitions);
        return partitions;
    }

    /** Whether anything of a log is in a partition's directory. */
    static boolean holdsLog(Path partitionDirectory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(partitionDirectory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (!name.startsWith("limits") && !name.startsWith("high-water") && !name.startsWith("epoch")) {
                    return true;
                }
            }
        }
        return false;
    }
}
