package dev.holdfast.storage.log;

/** Receives a log at opening: the items of the newest checkpoint, then every later replicated record, in order. */
public interface ReplayHandler {

    void onSnapshot(SnapshotItem item);

    void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated);
}
