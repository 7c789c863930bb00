package dev.holdfast.storage.verify;

import dev.holdfast.storage.directory.DamagedFileException;
import dev.holdfast.storage.directory.NewerFormatException;
import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.frame.UnreadableRecordException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Collects findings about one partition, or about the node; each place in a file once. One thread. */
final class Findings {

    private final @Nullable PartitionId partition;
    private final List<Finding> list = new ArrayList<>();

    Findings(@Nullable PartitionId partition) {
        this.partition = partition;
    }

    /** Something that reads files, or throws what is wrong with them. */
    @FunctionalInterface
    interface Look<T> {
        T look() throws IOException;
    }

    List<Finding> all() {
        return list;
    }

    void add(Severity severity, Path file, long offset, String expected, String found) {
        boolean known = list.stream().anyMatch(other -> other.file().equals(file) && other.offset() == offset);
        if (!known || offset < 0) {
            list.add(new Finding(severity, partition, file, offset, expected, found));
        }
    }

    void add(Severity severity, LogDamage damage) {
        add(severity, damage.file(), damage.offset(), damage.expected(), damage.found());
    }

    /** What {@code look} saw; empty, and a finding, where it threw that the file is damaged, newer or not to be read. */
    <T> Optional<T> ofLook(Path file, Severity severity, Look<T> look) {
        try {
            return Optional.of(look.look());
        } catch (LogDamagedException e) {
            add(severity, e.damage());
        } catch (DamagedFileException e) {
            add(severity, e.file(), e.offset(), e.expected(), e.found());
        } catch (NewerFormatException | UnreadableRecordException e) {
            add(severity, file, -1, "a format that this version reads", String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            add(severity, file, -1, "a file", "none: " + e.getFile());
        } catch (IOException e) {
            add(severity, file, -1, "a file that can be read", e.toString());
        }
        return Optional.empty();
    }
}
