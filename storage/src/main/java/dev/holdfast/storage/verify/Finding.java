package dev.holdfast.storage.verify;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.PartitionId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something in a data directory that is not as it was written, or worth to be told.
 *
 * @param partition null for a file of the node
 * @param offset byte offset in {@code file}, or -1 where only the file is known
 * @param expected what should be there
 * @param found what is there
 */
public record Finding(
        Severity severity, @Nullable PartitionId partition, Path file, long offset, String expected, String found) {

    static Finding of(Severity severity, LogDamage damage) {
        return new Finding(
                severity, damage.partition(), damage.file(), damage.offset(), damage.expected(), damage.found());
    }

    @Override
    public String toString() {
        return severity + (partition == null ? ", node" : ", partition=" + partition) + ", file=" + file
                + (offset < 0 ? "" : ", offset=" + offset) + ", expected=" + expected + ", found=" + found;
    }
}
