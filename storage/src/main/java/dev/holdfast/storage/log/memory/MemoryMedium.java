package dev.holdfast.storage.log.memory;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.RecoveredLog;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SequenceLimits;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.storage.log.segment.LogMarks;
import dev.holdfast.storage.log.segment.LogOpening;
import dev.holdfast.storage.log.segment.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What outlives the process of a {@link MemoryPartitionLog}: its files, limits and high-water mark. Opening it again while
 * a log is open is what a kill does: that log goes on writing into nothing.
 *
 * <p>One thread at a time.
 */
public final class MemoryMedium {

    /** Small, so that tests roll; {@link #MemoryMedium(PartitionId)} uses it. */
    public static final long DEFAULT_SEGMENT_BYTES = 1024 * 1024;

    /** Inline limit of {@link #MemoryMedium(PartitionId)}. */
    public static final long DEFAULT_INLINE_LIMIT = 4096;

    private final MemoryStore store;
    private final SyncPolicy sync;
    private final long segmentBytes;
    private final long inlineLimit;
    private long mark;
    private long forcedMark;
    private long reservedEnd = TaskId.FIRST_SEQUENCE;
    private long session;
    private long writtenBySession;
    private boolean clean = true;
    private boolean cacheLost;
    private boolean emptied;
    private OptionalLong learnsSince = OptionalLong.empty();
    private @Nullable Incarnation running;

    /** An empty medium with {@code sync: os}, segments of 1 MiB and an inline limit of 4 KiB. */
    public MemoryMedium(PartitionId partition) {
        this(partition, SyncPolicy.OS, DEFAULT_SEGMENT_BYTES, DEFAULT_INLINE_LIMIT);
    }

    /** An empty medium. */
    public MemoryMedium(PartitionId partition, SyncPolicy sync, long segmentBytes, long inlineLimit) {
        this.store = new MemoryStore(partition, segmentBytes);
        this.sync = sync;
        this.segmentBytes = segmentBytes;
        this.inlineLimit = inlineLimit;
    }

    /**
     * Opens the log and replays it. A log that is open already is dead from now on.
     *
     * @throws dev.holdfast.storage.log.LogDamagedException it is damaged
     */
    public RecoveredLog open(ReplayHandler handler) {
        kill();
        Incarnation next = new Incarnation(++session);
        LogSettings settings = new LogSettings(
                next.session,
                sync,
                segmentBytes,
                inlineLimit,
                LogSettings.frameLimitFor(segmentBytes),
                0,
                Runnable::run,
                Runnable::run);
        try {
            LogOpening opened = LogOpening.open(store, settings, next, next, handler);
            running = next;
            return opened.recovered(log -> new MemoryPartitionLog(this, log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process: what is open writes into nothing from now on. Everything written stays. */
    public void kill() {
        Incarnation dead = running;
        running = null;
        if (dead != null) {
            dead.dead = true;
            store.detach();
        }
    }

    /** Ends the process and takes the power: only what was forced stays. */
    public void losePower() {
        kill();
        store.segments().values().forEach(MemoryFile::dropUnforced);
        store.checkpoints().values().forEach(MemoryFile::dropUnforced);
        mark = forcedMark;
        cacheLost = true;
    }

    /** Numbers of the segments there are. */
    public List<Long> segments() {
        return new ArrayList<>(store.segments().keySet());
    }

    /** Numbers of the checkpoints there are. */
    public List<Long> checkpoints() {
        return new ArrayList<>(store.checkpoints().keySet());
    }

    /** Kills, and lets the next opening believe that the page cache was lost, although everything is there. */
    public void loseTrustInPageCache() {
        kill();
        cacheLost = true;
    }

    /** Kills, and drops the log; the reservation of sequences stays, and the next opening knows that there was one. */
    public void setAside() {
        kill();
        store.segments().clear();
        store.checkpoints().clear();
        mark = 0;
        forcedMark = 0;
        emptied = true;
        learnsSince = OptionalLong.empty();
    }

    /** A copy of a segment's bytes. */
    public byte[] segmentContent(long number) {
        return file(store.segments(), number).content();
    }

    /** Gives a segment other bytes: what a test or a simulated disk did to it. */
    public void replaceSegment(long number, byte[] content) {
        file(store.segments(), number).content(content);
    }

    /** A copy of a checkpoint's bytes. */
    public byte[] checkpointContent(long number) {
        return file(store.checkpoints(), number).content();
    }

    /** Gives a checkpoint other bytes. */
    public void replaceCheckpoint(long number, byte[] content) {
        file(store.checkpoints(), number).content(content);
    }

    /** What {@link dev.holdfast.storage.log.PartitionLog#hasRoomFor} and appends find free. */
    public void setUsableBytes(long bytes) {
        store.usableBytes(bytes);
    }

    /** Makes every force fail from now on, or none again with null. */
    public void failForcesWith(@Nullable IOException failure) {
        store.failForcesWith(failure);
    }

    void closedInOrder() {
        Incarnation incarnation = running;
        if (incarnation != null && !incarnation.dead) {
            clean = true;
            cacheLost = false;
            forcedMark = mark;
        }
    }

    private static MemoryFile file(Map<Long, MemoryFile> files, long number) {
        MemoryFile file = files.get(number);
        if (file == null) {
            throw new IllegalArgumentException("No such file: number=" + number + ", there are " + files.keySet());
        }
        return file;
    }

    /** The small files, as one process sees them. */
    private final class Incarnation implements LogMarks, SequenceLimits {

        private final long session;
        private final boolean afterCrash = !clean;
        private final boolean afterLoss = !clean && cacheLost;
        private final boolean afterEmptying = emptied;
        private boolean dead;

        Incarnation(long session) {
            this.session = session;
        }

        @Override
        public Lsn mark() {
            return new Lsn(mark);
        }

        @Override
        public void raise(Lsn to) {
            if (!dead) {
                mark = Math.max(mark, to.value());
            }
        }

        @Override
        public void lower(Lsn to) {
            mark = Math.min(mark, to.value());
            forcedMark = mark;
        }

        @Override
        public long previousSession() {
            return writtenBySession;
        }

        @Override
        public boolean crashed() {
            return afterCrash;
        }

        @Override
        public boolean pageCacheLost() {
            return afterLoss;
        }

        @Override
        public boolean emptied() {
            return afterEmptying;
        }

        @Override
        public OptionalLong learnsSince() {
            return learnsSince;
        }

        @Override
        public void noteLearnsSince(long rowVersion) {
            if (!dead) {
                learnsSince = OptionalLong.of(rowVersion);
            }
        }

        @Override
        public void begin() {
            clean = false;
            writtenBySession = session;
        }

        @Override
        public void settle() {
            cacheLost = false;
            emptied = false;
            learnsSince = OptionalLong.empty();
        }

        @Override
        public long reservedEndExclusive() {
            return reservedEnd;
        }

        @Override
        public void reserve(long endExclusive) {
            if (dead) {
                throw new LogFailedException("The process is dead");
            }
            reservedEnd = Math.max(reservedEnd, endExclusive);
        }
    }
}
