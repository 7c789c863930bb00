package dev.holdfast.cli.doctor;

import dev.holdfast.storage.directory.FileSystemFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What kind of file system it is, and how it is mounted. */
final class FileSystemChecks {

    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs");
    private static final Set<String> WITHOUT_HOLES = Set.of("vfat", "msdos", "exfat", "hfs", "hfsplus", "iso9660");
    /** What a force does then is up to the power supply. */
    private static final List<String> UNSAFE_OPTIONS = List.of("nobarrier", "barrier=0", "data=writeback", "eatmydata");

    private final Patient patient;
    private final Path place;

    FileSystemChecks(Patient patient, Path place) {
        this.patient = patient;
        this.place = place;
    }

    List<Check> run() {
        try {
            FileSystemFacts facts = FileSystemFacts.of(place);
            return List.of(type(facts), options(facts));
        } catch (IOException e) {
            return List.of(Check.warning(
                    "filesystem.type",
                    "not told",
                    "the system says: " + e.getMessage(),
                    "see that the directory is on a local disk: df -T " + place));
        }
    }

    private Check type(FileSystemFacts facts) {
        String value = facts.type()
                + (facts.source().isEmpty() ? "" : " of " + facts.source())
                + (facts.point().isEmpty() ? "" : ", mounted on " + facts.point());
        if (facts.network()) {
            boolean allowed = patient.config().getStorageConfig().isAllowNetworkFileSystem();
            String wrong =
                    "on a network file system a lock may not keep others out, a mapped page may be older than the"
                            + " file, and a force may return too early";
            String remedy = "use a local disk; storage.allow-network-file-system is for one whose locks, mappings and"
                    + " forces are known to hold";
            return allowed
                    ? Check.warning("filesystem.type", value, wrong, remedy)
                    : Check.problem("filesystem.type", value, wrong + ": a node refuses to start", remedy);
        }
        if (IN_MEMORY.contains(facts.type())) {
            return Check.warning(
                    "filesystem.type",
                    value,
                    "it is memory: everything is gone when the machine or the container ends, and it counts as memory of"
                            + " the container",
                    "fine for a test; else use a disk or a volume");
        }
        if (facts.type().equals("overlay")) {
            return Check.warning(
                    "filesystem.type",
                    value,
                    "it is the writable layer of a container: the data is gone with the container",
                    "put the directory on a volume");
        }
        if (WITHOUT_HOLES.contains(facts.type())) {
            return Check.warning(
                    "filesystem.type",
                    value,
                    "files have no holes there: each segment takes all its bytes from the start",
                    "use ext4, XFS, Btrfs or APFS, or smaller segments (storage.segment-size)");
        }
        return Check.ok("filesystem.type", value);
    }

    private static Check options(FileSystemFacts facts) {
        List<String> options = Arrays.asList(facts.options().split(","));
        String value = facts.options().isEmpty() ? "not told" : facts.options();
        if (options.contains("ro")) {
            return Check.problem(
                    "filesystem.options",
                    value,
                    "it is mounted read-only; a kernel does that itself after an error of the disk",
                    "see dmesg; then mount it with rw, or name another directory");
        }
        List<String> unsafe = UNSAFE_OPTIONS.stream().filter(options::contains).toList();
        if (!unsafe.isEmpty()) {
            return Check.warning(
                    "filesystem.options",
                    value,
                    "with " + String.join(", ", unsafe) + " a power loss takes what was forced",
                    "mount it without, unless the disk's cache is protected");
        }
        return Check.ok("filesystem.options", value);
    }
}
