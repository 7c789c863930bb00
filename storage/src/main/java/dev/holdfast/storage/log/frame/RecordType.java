package dev.holdfast.storage.log.frame;

import org.jspecify.annotations.Nullable;

/**
 * Types of frames and their numbers on disk. A number is never given another meaning.
 *
 * <p>Kept free for what is known to come, so that files stay readable side by side: 21 to 39 for journal entries of steps
 * inside a task, timers and progress (replicated); 72 to 79 for further local records; 88 to 99 for further items of a
 * checkpoint. A reader that meets a number it does not know refuses the whole log.
 */
public enum RecordType {
    EPOCH_STARTED(1, Kind.REPLICATED),
    SUBMITTED(2, Kind.REPLICATED),
    ATTEMPT_STARTED(3, Kind.REPLICATED),
    ATTEMPT_ABANDONED(4, Kind.REPLICATED),
    COMPLETED(5, Kind.REPLICATED),
    FAILED(6, Kind.REPLICATED),
    CANCELLED(7, Kind.REPLICATED),
    DISPOSED(8, Kind.REPLICATED),
    EVICTED(9, Kind.REPLICATED),
    EXPIRED(10, Kind.REPLICATED),
    PARKED(11, Kind.REPLICATED),
    QUARANTINED(12, Kind.REPLICATED),
    RETRIED(13, Kind.REPLICATED),
    EXECUTOR_SHUTDOWN(14, Kind.REPLICATED),
    EXECUTOR_REOPENED(15, Kind.REPLICATED),
    EXECUTOR_PAUSED(16, Kind.REPLICATED),
    EXECUTOR_RESUMED(17, Kind.REPLICATED),
    EXECUTOR_DESTROYED(18, Kind.REPLICATED),
    SEQUENCES_LOST(19, Kind.REPLICATED),
    DISCARDED(20, Kind.REPLICATED),

    /** A piece of a record that is larger than the record limit; takes a log sequence number of its own. */
    CHUNK(63, Kind.REPLICATED),

    SEGMENT_OPENED(64, Kind.LOCAL),
    TRUNCATED(65, Kind.LOCAL),
    /** Everything up to the position it names was on the medium when it was written; under {@code always} only. */
    FORCED(66, Kind.LOCAL),

    CHECKPOINT_BEGIN(80, Kind.CHECKPOINT),
    ITEM_PARTITION(81, Kind.CHECKPOINT),
    ITEM_LOST(82, Kind.CHECKPOINT),
    ITEM_EXECUTOR(83, Kind.CHECKPOINT),
    ITEM_TASK(84, Kind.CHECKPOINT),
    ITEM_TOMBSTONES(85, Kind.CHECKPOINT),
    ITEM_KEY(86, Kind.CHECKPOINT),
    ITEM_CALLER(87, Kind.CHECKPOINT),
    CHECKPOINT_CHUNK(126, Kind.CHECKPOINT),
    CHECKPOINT_END(127, Kind.CHECKPOINT);

    /** Where a type may stand. */
    public enum Kind {
        REPLICATED,
        LOCAL,
        CHECKPOINT
    }

    private static final @Nullable RecordType[] BY_CODE = new @Nullable RecordType[128];

    static {
        for (RecordType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final int code;
    private final Kind kind;

    RecordType(int code, Kind kind) {
        this.code = code;
        this.kind = kind;
    }

    public int code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    /** The type with this number, or null if this version knows none. */
    public static @Nullable RecordType ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
