package dev.holdfast.storage.log;

import java.nio.file.Path;

/**
 * Where a log is damaged and how that shows.
 *
 * @param file the damaged file
 * @param offset byte offset in it, or -1 where only the file is known
 * @param expected what should be there
 * @param found what is there
 */
public record LogDamage(PartitionId partition, Path file, long offset, String expected, String found) {

    @Override
    public String toString() {
        return "Damaged log: partition=" + partition + ", file=" + file + ", offset=" + offset + ", expected="
                + expected + ", found=" + found + "; the other partitions serve, see `holdfast storage verify`";
    }
}
