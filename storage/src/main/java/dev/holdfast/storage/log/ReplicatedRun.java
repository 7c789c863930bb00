package dev.holdfast.storage.log;

/**
 * Whole replicated records between two places of a log, all of one epoch, as the log has them: another replica's log that
 * ends in {@code before} ends in {@code after} once they are appended, with the same bytes. Immutable; the array is not
 * copied and must not be changed.
 *
 * @param documents frames as they stand in a segment ({@code docs/on-disk-format.md}), one behind the other
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value
public record ReplicatedRun(LogEnd before, LogEnd after, byte[] documents) {

    public ReplicatedRun {
        if (after.lsn().compareTo(before.lsn()) <= 0 || after.epoch().compareTo(before.epoch()) < 0) {
            throw new IllegalArgumentException("Not a run: before=" + before + ", after=" + after);
        }
    }

    /** How many log sequence numbers it takes. */
    public long count() {
        return after.lsn().value() - before.lsn().value();
    }
}
