package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogFailedException;
import dev.holdfast.storage.log.LogFullException;
import dev.holdfast.storage.log.LogRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a log by age: the old ones, the one being written, and those made ahead. Making one takes a directory
 * and several forces: it is begun in the background when the one being written is half full. All state is guarded by
 * {@code this}; files are made outside of it.
 */
final class Segments {

    private static final Logger LOG = LoggerFactory.getLogger(Segments.class);

    private final PartitionStore store;
    private final LogSettings settings;
    private final LogHealth health;
    private final List<Recovered.OldSegment> older;
    private final Deque<SegmentFile> ahead = new ArrayDeque<>();
    private final Object making = new Object();
    private long nextNumber;
    private Recovered.@Nullable OldSegment current;
    private boolean aheadWanted;

    Segments(PartitionStore store, LogSettings settings, LogHealth health, Recovered recovered) {
        this.store = store;
        this.settings = settings;
        this.health = health;
        this.older = new ArrayList<>(recovered.segments());
        this.nextNumber = recovered.nextSegment();
    }

    /** Number of the newest segment that has been written, -1 if there is none. */
    synchronized long newest() {
        if (current != null) {
            return current.opened().segment();
        }
        return older.isEmpty() ? -1 : older.get(older.size() - 1).opened().segment();
    }

    synchronized int countOfOld() {
        return older.size();
    }

    /**
     * Makes segments until {@code count} are ahead.
     *
     * @throws LogFullException the disk is full
     */
    void prepare(int count) {
        synchronized (making) {
            while (countAhead() < count) {
                SegmentFile made = make();
                synchronized (this) {
                    if (!health.isClosed()) {
                        ahead.add(made);
                        continue;
                    }
                }
                discard(made);
                health.check();
            }
        }
    }

    /** Has the next segment made in the background, once per segment. */
    void prepareInBackground() {
        synchronized (this) {
            if (aheadWanted || !ahead.isEmpty()) {
                return;
            }
            aheadWanted = true;
        }
        try {
            settings.background().execute(() -> {
                if (!health.isClosed() && !health.isFailed()) {
                    try {
                        prepare(1);
                    } catch (LogFullException | LogFailedException e) {
                        // the writer meets it again when it gets there, and tells whoever waits for it
                        clearWanted();
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            clearWanted(); // the node is closing
        }
    }

    /** One made ahead, by its turn from 0. */
    synchronized SegmentFile ahead(int index) {
        return new ArrayList<>(ahead).get(index);
    }

    synchronized SegmentFile takeAhead() {
        return ahead.remove();
    }

    /** {@code next} is written from now on. */
    synchronized void moveOn(SegmentFile next, LogRecord.SegmentOpened opened) {
        if (current != null) {
            older.add(current);
        }
        current = new Recovered.OldSegment(new FileHandle(next.number(), next.source()), opened);
        aheadWanted = false;
    }

    /** The one being written. */
    synchronized FileHandle currentFile() {
        if (current == null) {
            throw new IllegalStateException("No segment is open");
        }
        return current.file();
    }

    /** The oldest segment that is still needed beside a checkpoint at {@code at}. */
    synchronized long firstNeeded(LogEnd at) {
        List<Recovered.OldSegment> all = all();
        int first = all.size() - 1;
        // a later segment may begin lower than the ones before it: it voids what they have above
        for (long end = Long.MAX_VALUE; first > 0; first--) {
            end = Math.min(end, all.get(first).opened().acceptedEnd().lsn().value());
            if (end <= at.lsn().value()) {
                break;
            }
        }
        return all.get(first).opened().segment();
    }

    /** The number that the next one made gets, once what was made ahead is gone. */
    long discardAhead() {
        synchronized (making) {
            List<SegmentFile> unused;
            synchronized (this) {
                unused = new ArrayList<>(ahead);
                ahead.clear();
            }
            unused.forEach(this::discard);
            synchronized (this) {
                aheadWanted = false;
                return nextNumber;
            }
        }
    }

    /** Takes all that were written out, oldest first: a checkpoint is in their place. */
    synchronized List<Recovered.OldSegment> removeAll() {
        List<Recovered.OldSegment> removed = all();
        older.clear();
        current = null;
        return removed;
    }

    /** Takes the segments below {@code number} out, oldest first. Readers in flight keep theirs. */
    synchronized List<Recovered.OldSegment> removeBelow(long number) {
        List<Recovered.OldSegment> removed = new ArrayList<>();
        while (!older.isEmpty() && older.get(0).opened().segment() < number) {
            removed.add(older.remove(0));
        }
        return removed;
    }

    /** Removes what was made ahead and lets all files go. */
    void close() {
        synchronized (making) {
            List<SegmentFile> unused;
            synchronized (this) {
                unused = new ArrayList<>(ahead);
                ahead.clear();
                all().forEach(segment -> segment.file().retire());
            }
            unused.forEach(this::discard);
        }
    }

    private synchronized int countAhead() {
        return ahead.size();
    }

    private synchronized void clearWanted() {
        aheadWanted = false;
    }

    private List<Recovered.OldSegment> all() {
        List<Recovered.OldSegment> all = new ArrayList<>(older);
        if (current != null) {
            all.add(current);
        }
        return all;
    }

    private SegmentFile make() {
        long number;
        synchronized (this) {
            number = nextNumber++; // taken even if making it fails: a number is never used again
        }
        try {
            return store.createSegment(number);
        } catch (NoSpaceException e) {
            throw new LogFullException(
                    "No room for another segment: partition=" + store.partition() + ", directory=" + store.path()
                            + "; free space on the disk",
                    e);
        } catch (IOException | RuntimeException | InternalError e) {
            throw health.fail("Cannot make segment=" + number + " in " + store.path(), e);
        }
    }

    private void discard(SegmentFile unused) {
        try {
            unused.seal();
            unused.source().close();
            store.deleteSegment(unused.number());
        } catch (IOException e) {
            // it holds nothing: the next opening finds it empty and removes it
            LOG.debug("An unused segment could not be removed: segment={}", unused.number(), e);
        }
    }
}
