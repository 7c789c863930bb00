package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The highest epoch that a replica has seen, in a file of its own that is replaced as a whole:
 *
 * <pre>
 *   0  8  "HFEPOCHS"          16  8  epoch
 *   8  4  format version, 1   24  4  CRC32C of bytes 0 to 23
 *  12  4  partition           28  4  0
 * </pre>
 *
 * A partition that was never replicated has none. One thread at a time.
 */
public final class EpochFile {

    private static final int FORMAT = 1;
    private static final int BYTES = 32;
    private static final int CHECK = 24;
    private static final long MAGIC = 0x5348434F_50454648L; // "HFEPOCHS"

    private final Path file;
    private final PartitionId partition;

    /** Of the partition whose directory is {@code partitionDirectory}. */
    public static EpochFile in(Path partitionDirectory, PartitionId partition) {
        return new EpochFile(DirectoryLayout.epoch(partitionDirectory), partition);
    }

    EpochFile(Path file, PartitionId partition) {
        this.file = file;
        this.partition = partition;
    }

    /**
     * What was stored last, {@link Epoch#NONE} if nothing was.
     *
     * @throws DamagedFileException it is not what was written
     * @throws NewerFormatException a newer version wrote it
     */
    public Epoch load() throws IOException {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (NoSuchFileException none) {
            return Epoch.NONE;
        }
        if (bytes.capacity() != BYTES || bytes.getLong(0) != MAGIC || bytes.getInt(CHECK) != crc(bytes)) {
            throw new DamagedFileException(file, 0, "an epoch with its checksum", "bytes=" + bytes.capacity());
        }
        if (bytes.getInt(8) != FORMAT) {
            throw new NewerFormatException(file, bytes.getInt(8), FORMAT);
        }
        if (bytes.getInt(12) != partition.value()) {
            throw new DamagedFileException(file, 12, "partition=" + partition, "partition=" + bytes.getInt(12));
        }
        if (bytes.getLong(16) < 0) {
            throw new DamagedFileException(file, 16, "an epoch", "epoch=" + bytes.getLong(16));
        }
        return new Epoch(bytes.getLong(16));
    }

    /** Returns when {@code epoch} is on the medium. Not interruptible. */
    public void store(Epoch epoch) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(8, FORMAT).putInt(12, partition.value()).putLong(16, epoch.value());
        bytes.putInt(CHECK, crc(bytes));
        DurableFiles.replace(file, bytes);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, CHECK);
        return (int) crc.getValue();
    }
}
