package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The acknowledged end of this replica's log, in a mapped file: what was raised survives the death of the process without
 * a force. Two copies of (mark, check), each an aligned word, written one after the other: a process that dies in between
 * leaves one whole copy at least. Little endian, 4096 bytes:
 *
 * <pre>
 *   0  8  magic "HFHIGHWM"
 *   8  4  format version, 1
 *  12  4  partition
 *  64  8  mark, first copy        72  8  its check
 * 128  8  mark, second copy      136  8  its check
 * </pre>
 *
 * <p>{@link #raise} and {@link #lowerAndForce} belong to whoever holds the partition; {@link #mark} to any thread.
 */
public final class HighWaterMark implements AutoCloseable {

    static final int FILE_BYTES = 4096;
    static final int FORMAT = 1;
    static final int FIRST_COPY = 64;
    static final int SECOND_COPY = 128;

    private static final long MAGIC = LimitsSlot.magic("HFHIGHWM");
    private static final VarHandle WORDS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final PartitionId partition;
    private final RandomAccessFile random;
    private final ByteBuffer words;
    private volatile long mark;
    private boolean closed; // of the holder's thread, as raise is

    private HighWaterMark(Path file, PartitionId partition, RandomAccessFile random) throws IOException {
        this.file = file;
        this.partition = partition;
        this.random = random;
        checkSize(file, partition, random.length());
        this.words = random.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, FILE_BYTES);
        this.mark = decode(words, file, partition);
        store(mark); // makes both copies equal again after a death in between
    }

    /** Makes a mark of {@link Lsn#NONE}, whole or not at all. One that is there is replaced. */
    public static void create(Path file, PartitionId partition) throws IOException {
        create(file, partition, Lsn.NONE);
    }

    /** As {@link #create(Path, PartitionId)}, of a log that has everything up to {@code first}, forced. */
    public static void create(Path file, PartitionId partition, Lsn first) throws IOException {
        // every byte is written, none left as a hole: a full disk must not show as a fault in the mapping later
        ByteBuffer content = ByteBuffer.allocate(FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(0, MAGIC).putInt(8, FORMAT).putInt(12, partition.value());
        for (int copy : new int[] {FIRST_COPY, SECOND_COPY}) {
            content.putLong(copy, first.value()).putLong(copy + 8, checkOf(first.value(), partition));
        }
        DurableFiles.replace(file, content);
    }

    /**
     * Opens a mark that is there.
     *
     * @throws LogDamagedException both copies are damaged, or it is another partition's
     * @throws NewerFormatException it was written by a newer version
     */
    public static HighWaterMark open(Path file, PartitionId partition) throws IOException {
        RandomAccessFile random = DurableFiles.openUninterruptible(file, false);
        try {
            return new HighWaterMark(file, partition, random);
        } catch (IOException | RuntimeException e) {
            random.close();
            throw e;
        }
    }

    /** Reads a mark and changes nothing; what it throws is as for {@link #open}. */
    public static Lsn read(Path file, PartitionId partition) throws IOException {
        try (RandomAccessFile random = DurableFiles.openUninterruptible(file, true)) {
            checkSize(file, partition, random.length());
            byte[] content = new byte[FILE_BYTES];
            random.readFully(content);
            return new Lsn(decode(ByteBuffer.wrap(content), file, partition));
        }
    }

    public Lsn mark() {
        return new Lsn(mark);
    }

    /** Moves the mark up; one at or below it changes nothing. A few nanoseconds, not forced. */
    public void raise(Lsn to) {
        checkOpen();
        if (to.value() > mark) {
            store(to.value());
            mark = to.value();
        }
    }

    /**
     * Moves the mark down, before a truncation or a checkpoint from elsewhere is written; returns when it is on the
     * medium, and is not interruptible. A higher one only forces.
     *
     * @throws LogFailedException it could not be forced; the node has to stop
     */
    public void lowerAndForce(Lsn to) {
        checkOpen();
        if (to.value() < mark) {
            store(to.value());
            mark = to.value();
        }
        try {
            random.getFD().sync(); // takes the mapped pages along
        } catch (IOException e) {
            throw new LogFailedException(
                    "Cannot force the high-water mark: partition=" + partition + ", file=" + file
                            + "; check the disk and restart the node",
                    e);
        }
    }

    /** Closes the file, not forced. Idempotent. */
    @Override
    public void close() throws IOException {
        closed = true;
        random.close();
    }

    /** The mapping outlives the file's closing, and the directory may be another process's by then. */
    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("The high-water mark is closed: partition=" + partition + ", file=" + file);
        }
    }

    private void store(long lsn) {
        long check = checkOf(lsn, partition);
        // release order: no copy is begun before the other one is whole
        WORDS.setRelease(words, FIRST_COPY, lsn);
        WORDS.setRelease(words, FIRST_COPY + 8, check);
        WORDS.setRelease(words, SECOND_COPY, lsn);
        WORDS.setRelease(words, SECOND_COPY + 8, check);
    }

    private static void checkSize(Path file, PartitionId partition, long size) {
        if (size != FILE_BYTES) {
            throw damaged(file, partition, Math.min(size, FILE_BYTES), FILE_BYTES + " bytes", size + " bytes");
        }
    }

    private static long decode(ByteBuffer content, Path file, PartitionId partition) {
        ByteBuffer page = content.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (page.getLong(0) != MAGIC) {
            throw damaged(file, partition, 0, "a high-water mark", "magic=" + Long.toHexString(page.getLong(0)));
        }
        long first = page.getLong(FIRST_COPY);
        long second = page.getLong(SECOND_COPY);
        boolean firstWhole = first >= 0 && page.getLong(FIRST_COPY + 8) == checkOf(first, partition);
        boolean secondWhole = second >= 0 && page.getLong(SECOND_COPY + 8) == checkOf(second, partition);
        // 0 and below are no versions. One that a flipped bit made up is far away from any real one, or has marks that
        // fit this version's check: a newer one must not have those in their places.
        int format = page.getInt(8);
        if (format > FORMAT && format < FORMAT + 1000 && !firstWhole && !secondWhole) {
            throw new NewerFormatException(file, format, FORMAT);
        }
        if (format != FORMAT || page.getInt(12) != partition.value()) {
            String found = "format=" + format + ", partition=" + page.getInt(12);
            throw damaged(file, partition, 8, "format=" + FORMAT + ", partition=" + partition, found);
        }
        if (!firstWhole && !secondWhole) {
            throw damaged(file, partition, FIRST_COPY, "a mark that fits its check", "two that do not");
        }
        // the larger one: a raise that was told to anybody is in both copies, a lowering that counts is in both
        return Math.max(firstWhole ? first : 0, secondWhole ? second : 0);
    }

    /** Splittable random's mixer (Steele, Lea, Flood, OOPSLA 2014): a bijection, so no flip within one word fits. */
    private static long checkOf(long lsn, PartitionId partition) {
        long z = lsn + MAGIC + 0x9E3779B97F4A7C15L * (partition.value() + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static LogDamagedException damaged(
            Path file, PartitionId partition, long offset, String expected, String found) {
        return new LogDamagedException(new LogDamage(partition, file, offset, expected, found));
    }
}
