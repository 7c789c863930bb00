package dev.holdfast.storage.log.segment;

import dev.holdfast.config.SyncPolicy;
import java.util.concurrent.Executor;

/**
 * How a log is kept.
 *
 * @param session of this incarnation
 * @param segmentBytes size of a segment; at least three times the largest record
 * @param inlineLimit length in bytes over which a body stays in the log
 * @param frameLimit longest frame in bytes; a longer record is split into chunks
 * @param lowSpaceWatermark free bytes of the disk that submissions leave alone
 * @param background runs what is done ahead of the writer: the next segment, allocation. Tasks that it drops are done by the
 *     writer when they are due
 * @param writeOut has the medium get what was written, ahead of a force. Another than {@code background}, for whose work writers
 *     wait; what it drops is done by the force
 */
public record LogSettings(
        long session,
        SyncPolicy sync,
        long segmentBytes,
        long inlineLimit,
        int frameLimit,
        long lowSpaceWatermark,
        Executor background,
        Executor writeOut) {

    /** Frames are an eighth of a segment at most: a roll wastes no more than that. */
    public static final int DEFAULT_FRAME_LIMIT = 256 * 1024;

    public static final long MIN_SEGMENT_BYTES = 256 * 1024;

    public LogSettings {
        if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("Not a segment size: segment-size=" + segmentBytes + ", allowed are "
                    + MIN_SEGMENT_BYTES + " to " + Integer.MAX_VALUE / 2 + " bytes");
        }
    }

    public static int frameLimitFor(long segmentBytes) {
        return (int) Math.min(DEFAULT_FRAME_LIMIT, segmentBytes / 8);
    }

    /** The policy's name as {@code SegmentOpened} has it. */
    String syncName() {
        return switch (sync) {
            case OS -> "os";
            case INTERVAL -> "interval";
            case ALWAYS -> "always";
        };
    }
}
