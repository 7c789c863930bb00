package dev.holdfast.storage.directory;

import dev.holdfast.storage.log.LogDamage;
import dev.holdfast.storage.log.LogDamagedException;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.SequenceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A partition's limits file through one incarnation of its node:
 *
 * <pre>
 * opened --begin--> begun (not clean) --settle--> begun and settled --closeClean--> closed
 * </pre>
 *
 * A partition that refuses is never begun: its file keeps telling which incarnation wrote the log last, and through which
 * page cache, until somebody repairs it. {@link #begin} after a lost page cache leaves the old boot id in the file; only
 * {@link #settle} replaces it, so that a process that dies during recovery does not hide the loss from the next one.
 *
 * <p>Thread-safe.
 */
public final class PartitionLimits implements SequenceLimits, AutoCloseable {

    private final PartitionId partition;
    private final LimitsFile file;
    private final Limits previous;
    private final long session;
    private final String bootId;
    private boolean begun;

    private PartitionLimits(PartitionId partition, LimitsFile file, long session, String bootId) {
        this.partition = partition;
        this.file = file;
        this.previous = file.current();
        this.session = session;
        this.bootId = bootId;
    }

    static void create(Path file, PartitionId partition, String bootId) throws IOException {
        LimitsFile.create(file, partition.value(), new Limits(0, true, bootId, Limits.NOTHING_RESERVED));
    }

    /**
     * @param session of this incarnation, see {@link DataDirectory#session}
     * @param bootId of this incarnation, see {@link DataDirectory#bootId}
     * @throws LogDamagedException the file is missing or damaged
     */
    static PartitionLimits open(Path path, PartitionId partition, long session, String bootId) throws IOException {
        if (Files.isDirectory(path)) {
            throw new LogDamagedException(new LogDamage(partition, path, -1, "a limits file", "a directory"));
        }
        try {
            return new PartitionLimits(partition, LimitsFile.open(path, partition.value()), session, bootId);
        } catch (NoSuchFileException e) {
            throw new LogDamagedException(new LogDamage(partition, path, -1, "a limits file", "no file"));
        } catch (DamagedFileException e) {
            throw new LogDamagedException(new LogDamage(partition, path, e.offset(), e.expected(), e.found()));
        }
    }

    /** The limits as the last incarnation that began left them; session 0 where none did. */
    public Limits previous() {
        return previous;
    }

    /** Whether that incarnation ended without {@link #closeClean}. */
    public boolean crashed() {
        return !previous.clean();
    }

    /** Whether what that incarnation wrote and did not force may be gone. */
    public boolean pageCacheLost() {
        return crashed() && !previous.bootId().equals(bootId);
    }

    /**
     * Marks the log as being written by this incarnation; forced. After the log was read and found good, before the first
     * append.
     */
    public synchronized void begin() {
        file.write(new Limits(
                session,
                false,
                pageCacheLost() ? previous.bootId() : bootId,
                file.current().reservedEndExclusive()));
        begun = true;
    }

    /**
     * To be called when the log's end is fixed and the lost sequences are in it, forced: from now on only what this
     * incarnation writes is at stake. Changes nothing where the page cache was not lost.
     */
    public synchronized void settle() {
        checkBegun();
        Limits now = file.current();
        if (!now.bootId().equals(bootId)) {
            file.write(new Limits(session, false, bootId, now.reservedEndExclusive()));
        }
    }

    /** Whoever holds a partition asks this, and is not to wait for a reservation that another thread has forced. */
    @Override
    public long reservedEndExclusive() {
        return file.current().reservedEndExclusive();
    }

    @Override
    public synchronized void reserve(long endExclusive) {
        checkBegun();
        Limits now = file.current();
        if (endExclusive > now.reservedEndExclusive()) {
            file.write(now.withReservedEnd(endExclusive));
        }
    }

    /** Closes with the clean-shutdown marker; everything in the log must be forced before. */
    public synchronized void closeClean() throws IOException {
        checkBegun();
        file.write(new Limits(session, true, bootId, file.current().reservedEndExclusive()));
        close();
    }

    /** Closes without the marker: the next incarnation takes this one for crashed if it had begun. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        begun = false;
        file.close();
    }

    private void checkBegun() {
        if (!begun) {
            throw new IllegalStateException(
                    "The limits are not open for this incarnation: partition=" + partition + ", session=" + session);
        }
    }
}
