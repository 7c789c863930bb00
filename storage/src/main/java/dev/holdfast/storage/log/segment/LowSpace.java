package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.ReplayHandler;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Room that is kept for what was accepted: the ends of all open tasks, a segment to put them in, and one checkpoint, on top of the watermark. Below
 * it new tasks are refused while results, disposals and reads go through. Counting belongs to whoever appends, questions
 * may come from any thread.
 */
final class LowSpace {

    private final PartitionStore store;
    private final LogSettings settings;
    private final AtomicLong openTasks = new AtomicLong();
    private volatile long liveBytes;

    LowSpace(PartitionStore store, LogSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    void start(long tasks) {
        openTasks.set(tasks);
    }

    void appended(List<? extends LogRecord.Replicated> records) {
        long change = 0;
        for (int i = 0; i < records.size(); i++) {
            change += change(records.get(i));
        }
        openTasks.addAndGet(change);
    }

    /** Takes records that are being voided out of the count again. */
    ReplayHandler voiding() {
        return new ReplayHandler() {
            @Override
            public void onSnapshot(SnapshotItem item) {
                throw new IllegalStateException("Not a record: item=" + item);
            }

            @Override
            public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
                openTasks.addAndGet(-change(replicated));
            }
        };
    }

    /** The size of a checkpoint, as far as is known. */
    void live(long bytes) {
        liveBytes = bytes;
    }

    boolean hasRoomFor(long bytes) {
        // a task that was removed before it ended is counted once too little: the sum is a reserve, not an account
        long ends = Math.max(0, openTasks.get()) * settings.inlineLimit();
        // the ends may need another segment
        long reserve = ends + liveBytes + store.bytesToMakeSegment();
        return store.usableBytes() - bytes >= settings.lowSpaceWatermark() + reserve;
    }

    private static long change(LogRecord.Replicated replicated) {
        if (replicated instanceof LogRecord.Submitted) {
            return 1;
        }
        boolean ends = replicated instanceof LogRecord.Completed
                || replicated instanceof LogRecord.Failed
                || replicated instanceof LogRecord.Cancelled
                || replicated instanceof LogRecord.Discarded;
        return ends ? -1 : 0;
    }

    /** Counts the open tasks of a replay. One thread. */
    static final class Counting implements ReplayHandler {

        private final ReplayHandler handler;
        private long openTasks;

        Counting(ReplayHandler handler) {
            this.handler = handler;
        }

        long openTasks() {
            return openTasks;
        }

        @Override
        public void onSnapshot(SnapshotItem item) {
            if (item instanceof SnapshotItem.OfTask task) {
                switch (task.state()) {
                    case UNFINISHED, PARKED, QUARANTINED -> openTasks++;
                    case COMPLETED, FAILED, CANCELLED -> {}
                }
            }
            handler.onSnapshot(item);
        }

        @Override
        public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
            openTasks += change(replicated);
            handler.onRecord(lsn, epoch, replicated);
        }
    }
}
