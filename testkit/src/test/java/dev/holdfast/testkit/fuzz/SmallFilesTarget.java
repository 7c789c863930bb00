package dev.holdfast.testkit.fuzz;

import dev.holdfast.storage.directory.ClusterFile;
import dev.holdfast.storage.directory.ClusterMark;
import dev.holdfast.storage.directory.DamagedFileException;
import dev.holdfast.storage.directory.EpochFile;
import dev.holdfast.storage.directory.HighWaterMark;
import dev.holdfast.storage.directory.LimitsFile;
import dev.holdfast.storage.directory.NewerFormatException;
import dev.holdfast.storage.directory.NodeProperties;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogDamagedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The small files. The first byte of an input says which, and whether its checksum is to fit. */
final class SmallFilesTarget {

    /** By kind. */
    private static final List<String> NAMES =
            List.of("limits", "high-water", "epoch", "node.cluster", "node.properties");

    private static final int SLOT = 512;
    private static final int SECOND_SLOT = 4096;

    private static final Path DIRECTORY = directory();

    private SmallFilesTarget() {}

    private static Path directory() {
        try {
            Path directory = Files.createTempDirectory("small-files");
            directory.toFile().deleteOnExit();
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void take(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        int kind = (input[0] & 0x7F) % NAMES.size();
        byte[] content = Arrays.copyOfRange(input, 1, input.length);
        try {
            read(kind, input[0] < 0 ? sealed(kind, content) : content);
        } catch (DamagedFileException | LogDamagedException | NewerFormatException e) {
            Target.check(String.valueOf(e.getMessage()).contains("file="), "no file is named: " + e);
        }
    }

    private static byte[] sealed(int kind, byte[] content) {
        return switch (kind) {
            case 0 -> {
                byte[] file = Arrays.copyOf(content, SECOND_SLOT + SLOT);
                seal(file, 0, SLOT - 4);
                // what follows the first slot in the input is the second one
                System.arraycopy(file, Math.min(SLOT, content.length), file, SECOND_SLOT, SLOT);
                seal(file, SECOND_SLOT, SLOT - 4);
                yield file;
            }
            case 1 -> Arrays.copyOf(content, 4096);
            case 2 -> {
                byte[] file = Arrays.copyOf(content, 32);
                seal(file, 0, 24);
                yield file;
            }
            case 3 -> {
                byte[] file = Arrays.copyOf(content, content.length + 4);
                seal(file, 0, content.length);
                yield file;
            }
            default -> content;
        };
    }

    private static void seal(byte[] file, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(file, from, length);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(from + length, (int) crc.getValue());
    }

    private static void read(int kind, byte[] content) throws IOException {
        Path file = DIRECTORY.resolve(NAMES.get(kind));
        Files.write(file, content);
        switch (kind) {
            case 0 -> limits(file);
            case 1 -> Target.check(HighWaterMark.read(file, Documents.PARTITION).value() >= 0, "a mark below zero");
            case 2 -> {
                EpochFile epochs = EpochFile.in(DIRECTORY, Documents.PARTITION);
                Epoch epoch = epochs.load();
                epochs.store(epoch);
                Target.check(epochs.load().equals(epoch), "another epoch");
            }
            case 3 -> {
                Optional<ClusterMark> mark = ClusterFile.in(DIRECTORY).load();
                if (mark.isPresent()) {
                    ClusterFile.in(DIRECTORY).store(mark.get());
                    Target.check(ClusterFile.in(DIRECTORY).load().equals(mark), "another membership");
                }
            }
            default -> Target.check(NodeProperties.read(file).partitionCount() > 0, "no partition");
        }
    }

    private static void limits(Path file) throws IOException {
        LimitsFile.Reading reading = LimitsFile.read(file, Documents.PARTITION.value());
        LimitsFile.create(file, Documents.PARTITION.value(), reading.limits());
        LimitsFile.Reading again = LimitsFile.read(file, Documents.PARTITION.value());
        Target.check(again.limits().equals(reading.limits()), "other limits");
    }
}
