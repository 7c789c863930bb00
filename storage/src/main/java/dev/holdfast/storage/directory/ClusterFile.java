package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Which cluster a directory belongs to, and in which session of it, in a file of its own that is replaced as a whole:
 *
 * <pre>
 *   0  8  "HFCLUSTR"          40  16  cluster UUID, high half first
 *   8  4  format version, 1   56   4  partition count
 *  12  4  1: has joined       60   4  bytes of the founding record, n
 *  16  8  session             64   n  founding record
 *  24  8  pending session     64+n 4  CRC32C of everything before
 *  32  8  0
 * </pre>
 *
 * The directory of an embedded node has none; one that has it is never opened embedded again. One thread at a time.
 */
public final class ClusterFile {

    static final int MAX_FOUNDING_BYTES = 64 * 1024;

    private static final int FORMAT = 1;
    private static final long MAGIC = 0x52545355_4C434648L; // "HFCLUSTR"
    private static final int FOUNDING = 64;
    private static final int FOUNDING_LENGTH = 60;
    private static final int LEAST = FOUNDING + 1 + Integer.BYTES;
    private static final int MOST = FOUNDING + MAX_FOUNDING_BYTES + Integer.BYTES;

    private final Path file;

    ClusterFile(Path file) {
        this.file = file;
    }

    /** Of the data directory {@code directory}. */
    public static ClusterFile in(Path directory) {
        return new ClusterFile(DirectoryLayout.cluster(directory));
    }

    /** Whether the directory belongs to a cluster. */
    boolean exists() {
        return Files.exists(file);
    }

    /**
     * What was stored last; empty if the directory belongs to no cluster.
     *
     * @throws DamagedFileException it is not what was written
     * @throws NewerFormatException a newer version wrote it
     */
    public Optional<ClusterMark> load() throws IOException {
        byte[] content;
        try {
            if (Files.size(file) > MOST) {
                throw new DamagedFileException(file, 0, "at most " + MOST + " bytes", Files.size(file) + " bytes");
            }
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.capacity() < LEAST
                || bytes.getLong(0) != MAGIC
                || bytes.getInt(bytes.capacity() - Integer.BYTES) != crc(content)) {
            throw new DamagedFileException(file, 0, "a membership with its checksum", "bytes=" + bytes.capacity());
        }
        if (bytes.getInt(8) != FORMAT) {
            throw new NewerFormatException(file, bytes.getInt(8), FORMAT);
        }
        int length = bytes.getInt(FOUNDING_LENGTH);
        if (length != bytes.capacity() - FOUNDING - Integer.BYTES) {
            throw new DamagedFileException(
                    file, FOUNDING_LENGTH, "the length of the founding record", "length=" + length);
        }
        try {
            return Optional.of(mark(bytes, length));
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(file, 0, "a membership", String.valueOf(e.getMessage()));
        }
    }

    private static ClusterMark mark(ByteBuffer bytes, int foundingLength) {
        return new ClusterMark(
                new UUID(bytes.getLong(40), bytes.getLong(48)),
                bytes.getInt(56),
                bytes.slice(FOUNDING, foundingLength),
                bytes.getLong(16),
                bytes.getLong(24),
                bytes.getInt(12) == 1);
    }

    /** Returns when {@code mark} is on the medium. Not interruptible. */
    public void store(ClusterMark mark) throws IOException {
        int length = mark.founding().remaining();
        byte[] content = new byte[FOUNDING + length + Integer.BYTES];
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0, MAGIC).putInt(8, FORMAT).putInt(12, mark.joined() ? 1 : 0);
        bytes.putLong(16, mark.session()).putLong(24, mark.pending());
        bytes.putLong(40, mark.clusterUuid().getMostSignificantBits());
        bytes.putLong(48, mark.clusterUuid().getLeastSignificantBits());
        bytes.putInt(56, mark.partitionCount()).putInt(FOUNDING_LENGTH, length);
        bytes.put(FOUNDING, mark.foundingBytes());
        bytes.putInt(FOUNDING + length, crc(content));
        DurableFiles.replace(file, bytes);
    }

    private static int crc(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content, 0, content.length - Integer.BYTES);
        return (int) crc.getValue();
    }
}
