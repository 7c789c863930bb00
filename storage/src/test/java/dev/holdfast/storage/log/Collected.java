package dev.holdfast.storage.log;

import java.util.ArrayList;
import java.util.List;

/** Keeps what a replay hands over. */
public final class Collected implements ReplayHandler {

    /** One replayed record. */
    public record Entry(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {}

    private final List<SnapshotItem> items = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();

    @Override
    public void onSnapshot(SnapshotItem item) {
        items.add(item);
    }

    @Override
    public void onRecord(Lsn lsn, Epoch epoch, LogRecord.Replicated replicated) {
        entries.add(new Entry(lsn, epoch, replicated));
    }

    public List<SnapshotItem> items() {
        return items;
    }

    public List<Entry> entries() {
        return entries;
    }

    public List<LogRecord.Replicated> records() {
        return entries.stream().map(Entry::replicated).toList();
    }
}
