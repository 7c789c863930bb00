package dev.holdfast.storage.log;

/** Where a log ends: its last replicated record, that record's epoch, and the running hash over all up to it. */
public record LogEnd(Lsn lsn, Epoch epoch, long hash) {

    public static final LogEnd EMPTY = new LogEnd(Lsn.NONE, Epoch.NONE, 0);
}
