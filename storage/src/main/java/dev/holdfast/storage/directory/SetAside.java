package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a partition's log out of the way of a new one, whole and unread: into {@code quarantine/partition-0007-1}, where nothing
 * reads or deletes it. The reservation of task sequences and the epoch stay; a limits file that is damaged itself goes along.
 *
 * <p>{@code partition-0007/emptied} is there, forced, before the first file moves, and until the new log has made up for what
 * is gone: a replica with it does not count. It says where to, and whether all has moved, so that a process that dies meanwhile
 * leaves work and not damage; and since which version of its row the new log learns, once it does:
 *
 * <pre>
 * target=partition-0007-1
 * moved=yes
 * learns=12
 * </pre>
 *
 * One thread at a time, while the log is closed; {@link #isEmptied} any.
 */
public final class SetAside {

    /** Of one partition: whoever has not looked at that many does not want a disk full of them. */
    public static final int MAX_PER_PARTITION = 8;

    private static final Pattern COPY = Pattern.compile("partition-(\\d{4,5})-\\d+");

    private static final Pattern LEARNS = Pattern.compile("learns=(\\d{1,18})");

    private final Path directory;
    private final PartitionId partition;
    private final Path files;
    private final Path marker;

    /** Of the data directory {@code directory}. */
    SetAside(Path directory, PartitionId partition) {
        this.directory = directory;
        this.partition = partition;
        this.files = DirectoryLayout.partition(directory, partition);
        this.marker = DirectoryLayout.emptied(files);
    }

    /** Of a directory that this process has locked, while no log in it is open. */
    public static SetAside of(Path directory, PartitionId partition) {
        return new SetAside(directory, partition);
    }

    /** A log that was set aside. */
    public record Copy(PartitionId partition, Path path) {}

    /** All that were set aside in a data directory and are still there, by name. */
    public static List<Copy> copies(Path directory) throws IOException {
        List<Copy> copies = new ArrayList<>();
        Path quarantine = DirectoryLayout.quarantine(directory);
        if (!Files.isDirectory(quarantine)) {
            return copies;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(quarantine, Files::isDirectory)) {
            List<Path> byName = new ArrayList<>();
            entries.forEach(byName::add);
            Collections.sort(byName);
            for (Path entry : byName) {
                Matcher name = COPY.matcher(String.valueOf(entry.getFileName()));
                if (name.matches() && Integer.parseInt(name.group(1)) <= PartitionId.MAX) {
                    copies.add(new Copy(new PartitionId(Integer.parseInt(name.group(1))), entry));
                }
            }
        }
        return copies;
    }

    /** Whether {@code partition} of the data directory has a log that has not made up for one that was set aside. */
    public static boolean isEmptied(Path directory, PartitionId partition) {
        return new SetAside(directory, partition).isEmptied();
    }

    /** Whether the log that is here has not made up for one that was set aside. */
    public boolean isEmptied() {
        return Files.exists(marker);
    }

    /**
     * Moves the log away; returns when all of it is on the medium, and where it is.
     *
     * @param bootId of this incarnation
     * @throws DirectoryRefusedException {@link #MAX_PER_PARTITION} are there already; nothing was changed
     * @throws IOException it can not be done, or not all of it: {@link #finish} goes on
     */
    public Path move(String bootId) throws IOException {
        finish(bootId);
        long there = copies(directory).stream()
                .filter(copy -> copy.partition().equals(partition))
                .count();
        if (there >= MAX_PER_PARTITION) {
            throw new DirectoryRefusedException(
                    ErrorCode.COPY_LEFT_OUT,
                    "As many logs of the partition were set aside as are kept: partition=" + partition + ", copies="
                            + there + ", directory=" + DirectoryLayout.quarantine(directory)
                            + "; find out what damages them, remove what is not needed, and restart the node");
        }
        String target = freeName(directory, partition);
        writeMarker(target, false);
        return moveTo(target, bootId);
    }

    /** Does what a process that died within {@link #move} has left to do. */
    public void finish(String bootId) throws IOException {
        Optional<String> target = unfinished();
        if (target.isPresent()) {
            Path unused = moveTo(target.get(), bootId);
        }
    }

    /**
     * Since which version of its row the log that is here learns; empty if that was not noted, and where no log was set aside.
     *
     * @throws LogFailedException it can not be read
     */
    public OptionalLong learnsSince() {
        try {
            List<String> lines = markerLines();
            Matcher learns = LEARNS.matcher(lines.size() == 3 ? lines.get(2) : "");
            return learns.matches() ? OptionalLong.of(Long.parseLong(learns.group(1))) : OptionalLong.empty();
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot read since when a log learns: partition=" + partition + ", file=" + marker + ", cause=" + e,
                    e);
        }
    }

    /**
     * Notes that; returns when it is on the medium. Does nothing where no log was set aside.
     *
     * @param rowVersion at least 0
     * @throws LogFailedException it can not be noted
     */
    public void learnsSince(long rowVersion) {
        try {
            List<String> lines = markerLines();
            if (lines.size() >= 2) {
                DurableFiles.replace(marker, text(lines.get(0), lines.get(1), "learns=" + rowVersion));
            }
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot note since when a log learns: partition=" + partition + ", file=" + marker + ", cause=" + e,
                    e);
        }
    }

    private List<String> markerLines() throws IOException {
        if (!isEmptied()) {
            return List.of();
        }
        return new String(Files.readAllBytes(marker), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static ByteBuffer text(String... lines) {
        return ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Optional<String> unfinished() throws IOException {
        List<String> lines = markerLines();
        // a marker that is damaged still says that there was another log; what is here is read with every check
        if (lines.size() != 2
                || !lines.get(1).equals("moved=no")
                || !lines.get(0).startsWith("target=")) {
            return Optional.empty();
        }
        String target = lines.get(0).substring("target=".length());
        return Optional.of(target).filter(name -> COPY.matcher(name).matches());
    }

    private void writeMarker(String target, boolean moved) throws IOException {
        DurableFiles.replace(marker, text("target=" + target, "moved=" + (moved ? "yes" : "no")));
    }

    /** The next name in {@code quarantine}. */
    static String freeName(Path directory, PartitionId partition) {
        for (int number = 1; ; number++) {
            String name = String.format(Locale.ROOT, "partition-%04d-%d", partition.value(), number);
            if (!Files.exists(DirectoryLayout.quarantine(directory).resolve(name))) {
                return name;
            }
        }
    }

    private Path moveTo(String name, String bootId) throws IOException {
        Path target = DirectoryLayout.quarantine(directory).resolve(name);
        DurableFiles.createDirectories(target);
        boolean limitsAreWhole = areLimitsWhole();
        List<Path> moving = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(files)) {
            for (Path entry : entries) {
                if (goesAlong(String.valueOf(entry.getFileName()), limitsAreWhole)) {
                    moving.add(entry);
                }
            }
        }
        for (Path entry : moving) {
            Path moved = target.resolve(String.valueOf(entry.getFileName()));
            if (!Files.exists(moved)) { // else it is one made below, before a death
                Files.move(entry, moved, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        DurableFiles.forceDirectory(target);
        DurableFiles.forceDirectory(files);
        if (!limitsAreWhole) {
            PartitionLimits.create(DirectoryLayout.limits(files), partition, bootId);
        }
        HighWaterMark.create(DirectoryLayout.highWaterMark(files), partition);
        writeMarker(name, true);
        return target;
    }

    private boolean areLimitsWhole() throws IOException {
        Path limits = DirectoryLayout.limits(files);
        if (Files.isDirectory(limits)) {
            return false;
        }
        try {
            return LimitsFile.read(limits, partition.value()) != null;
        } catch (DamagedFileException | NoSuchFileException e) {
            return false;
        }
    }

    private static boolean goesAlong(String name, boolean limitsAreWhole) {
        return !name.startsWith("epoch")
                && !name.startsWith("emptied")
                && !(limitsAreWhole && name.startsWith("limits"));
    }

    /**
     * The log has everything again; returns when that is on the medium.
     *
     * @throws LogFailedException it can not be noted
     */
    public void madeUpFor() {
        if (!isEmptied()) {
            return;
        }
        try {
            Files.delete(marker);
            DurableFiles.forceDirectory(files);
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot note that a log has been made up for: partition=" + partition + ", file=" + marker
                            + ", cause=" + e,
                    e);
        }
    }
}
