package dev.holdfast.storage.checkpoint;

/**
 * When a checkpoint is due: when the log behind the last one has outgrown both two segments and the live data, so that the disk
 * holds at most about three times what is live plus six segments, what is appended while one is written included, where that is
 * not all that the disk takes; and when a start found more than eight old segments, each of which is a file to open and a record to
 * check at the next start. Any thread.
 */
public final class Retention {

    /** Segments' worth of log that is never worth a checkpoint. */
    static final int FREE_SEGMENTS = 2;

    /** Old segments that a start may find. */
    static final int MAX_OLD_SEGMENTS = 8;

    private final long segmentBytes;
    private long bytesBehind;
    private boolean tooManySegments;

    /**
     * @param bytesBehind length of the log behind the last checkpoint, at the start
     * @param oldSegments segments found at the start
     */
    public Retention(long segmentBytes, long bytesBehind, int oldSegments) {
        this.segmentBytes = segmentBytes;
        this.bytesBehind = bytesBehind;
        this.tooManySegments = oldSegments > MAX_OLD_SEGMENTS;
    }

    /** @param appendedBytes since the start */
    public synchronized boolean isDue(long appendedBytes, long liveBytes) {
        return tooManySegments || bytesBehind + appendedBytes > Math.max(FREE_SEGMENTS * segmentBytes, liveBytes);
    }

    /** A checkpoint was written when {@code appendedBytes} had been appended since the start. */
    public synchronized void written(long appendedBytes) {
        bytesBehind = -appendedBytes;
        tooManySegments = false;
    }
}
