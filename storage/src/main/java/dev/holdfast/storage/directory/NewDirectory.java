package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Makes the files of a new data directory, {@code node.properties} last: a directory without it was never used, unless
 * there are logs in it. All partitions are made now, so that one that is missing later is damage and not a new one.
 */
final class NewDirectory {

    private NewDirectory() {}

    static void create(Path directory, int partitionCount, String bootId) throws IOException {
        refuseLogs(directory);
        makePartitions(directory, 0, partitionCount, bootId);
        Limits never = new Limits(0, true, bootId, Limits.NOTHING_RESERVED);
        LimitsFile.create(DirectoryLayout.nodeLimits(directory), LimitsFile.NODE, never);
        new NodeProperties(UUID.randomUUID(), UUID.randomUUID(), partitionCount)
                .write(DirectoryLayout.nodeProperties(directory));
    }

    /** Those from {@code from} to before {@code endExclusive}; anew, where a crash has left some. */
    static void makePartitions(Path directory, int from, int endExclusive, String bootId) throws IOException {
        for (int number = from; number < endExclusive; number++) {
            PartitionId partition = new PartitionId(number);
            Path partitionDirectory = DirectoryLayout.partition(directory, partition);
            DurableFiles.createDirectories(partitionDirectory);
            PartitionLimits.create(DirectoryLayout.limits(partitionDirectory), partition, bootId);
            HighWaterMark.create(DirectoryLayout.highWaterMark(partitionDirectory), partition);
        }
    }

    /** Those from {@code from} on, which hold no log. */
    static void removePartitions(Path directory, int from) throws IOException {
        for (PartitionId partition : DirectoryLayout.partitions(directory)) {
            if (partition.value() >= from) {
                Path partitionDirectory = DirectoryLayout.partition(directory, partition);
                Files.deleteIfExists(DirectoryLayout.limits(partitionDirectory));
                Files.deleteIfExists(DirectoryLayout.highWaterMark(partitionDirectory));
                Files.deleteIfExists(DirectoryLayout.epoch(partitionDirectory));
                Files.deleteIfExists(partitionDirectory);
            }
        }
    }

    /** A new identity over old logs would issue their ids again. */
    private static void refuseLogs(Path directory) throws IOException {
        for (PartitionId partition : DirectoryLayout.partitions(directory)) {
            Path partitionDirectory = DirectoryLayout.partition(directory, partition);
            if (DirectoryLayout.holdsLog(partitionDirectory)) {
                throw new DirectoryRefusedException(
                        ErrorCode.NODE_PROPERTIES_GONE,
                        "The data directory holds logs, but its node.properties is gone:"
                                + " directory=" + directory + ", partition=" + partition
                                + "; bring the file back from a backup, or use a new directory");
            }
        }
    }
}
