package dev.holdfast.cli.doctor;

import dev.holdfast.config.StorageConfig;
import dev.holdfast.storage.log.chronicle.ReservedSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Room and speed of the disk under the directory. */
final class DiskChecks {

    private static final int FORCES = 40;
    private static final long LONGEST_NANOS = 2_000_000_000L;
    private static final int PAGE = 4096;
    private static final long SLOW_NANOS = 20_000_000L;
    private static final long TOO_FAST_NANOS = 10_000L;

    private final Patient patient;
    private final Path place;

    /** @param place the directory, or the nearest one above it that exists */
    DiskChecks(Patient patient, Path place) {
        this.patient = patient;
        this.place = place;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        checks.add(free());
        if (!Files.isWritable(place)) {
            return checks; // told by the checks of the directory
        }
        Path probe = null;
        try {
            probe = Files.createTempFile(place, ".holdfast-doctor-", ".tmp");
            reservation(probe).ifPresent(checks::add);
            checks.add(force(probe));
        } catch (IOException e) {
            checks.add(Check.problem(
                    "disk.write",
                    "failed",
                    "a file could not be written and forced: directory=" + place + ", cause=" + e.getMessage(),
                    "see the kernel's log (dmesg) for errors of the disk, and the quota of this user"));
        } finally {
            delete(probe);
        }
        return checks;
    }

    private static void delete(@org.jspecify.annotations.Nullable Path probe) {
        try {
            if (probe != null) {
                Files.deleteIfExists(probe);
            }
        } catch (IOException leftBehind) {
            // empty, hidden, and named after its maker
        }
    }

    private Check free() {
        StorageConfig storage = patient.config().getStorageConfig();
        long watermark = storage.getLowSpaceWatermark();
        long segments = storage.getSegmentSize() * patient.config().getPartitionCount();
        try {
            long free = Files.getFileStore(place).getUsableSpace();
            String value =
                    Amounts.bytes(free) + " free; segments of " + Amounts.bytes(storage.getSegmentSize()) + " for "
                            + patient.config().getPartitionCount() + " partitions, low-space-watermark "
                            + Amounts.bytes(watermark);
            if (free < watermark) {
                return Check.problem(
                        "disk.free",
                        value,
                        "below storage.low-space-watermark submissions are refused",
                        "make room, move the directory to a larger disk, or lower the watermark if this is meant");
            }
            if (free < watermark + segments) {
                return Check.warning(
                        "disk.free",
                        value,
                        "when each partition has filled a segment, submissions will be refused",
                        "make room: a node takes up to 3 times its live data and 6 segments of each partition");
            }
            return Check.ok("disk.free", value);
        } catch (IOException e) {
            return Check.warning(
                    "disk.free", "not told", "the system says: " + e.getMessage(), "look with df " + place);
        }
    }

    private static Optional<Check> reservation(Path probe) throws IOException {
        return ReservedSpace.isSupported(probe)
                .map(supported -> supported
                        ? Check.ok("disk.reserve", "fallocate works")
                        : Check.warning(
                                "disk.reserve",
                                "no fallocate",
                                "each segment is filled with zeros ahead of the writer, which is written twice then",
                                "use ext4, XFS or Btrfs where submissions have to be fast"));
    }

    /** What {@code storage.sync: always} waits for, at least once for each batch. */
    private static Check force(Path probe) throws IOException {
        long[] nanos = new long[FORCES];
        int count = 0;
        try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
            long began = System.nanoTime();
            while (count < FORCES && System.nanoTime() - began < LONGEST_NANOS) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.allocate(PAGE), (long) count * PAGE);
                channel.force(false);
                nanos[count++] = System.nanoTime() - start;
            }
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        long median = sorted[count / 2];
        String value = "write and force of 4 KiB: median " + Amounts.millis(median) + ", longest "
                + Amounts.millis(sorted[count - 1]) + " of " + count;
        if (median > SLOW_NANOS) {
            return Check.warning(
                    "disk.force",
                    value,
                    "with storage.sync=always each batch of submissions waits for this",
                    "use a disk with a protected write cache or an SSD, or storage.sync=interval");
        }
        if (median < TOO_FAST_NANOS) {
            return Check.warning(
                    "disk.force",
                    value,
                    "no disk is that fast: the force does not reach a medium",
                    "use another file system if the data has to survive a power loss");
        }
        return Check.ok("disk.force", value);
    }
}
