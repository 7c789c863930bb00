package dev.holdfast.testkit.sim;

import dev.holdfast.replication.protocol.CheckpointChunk;
import dev.holdfast.replication.protocol.CheckpointPlace;
import dev.holdfast.replication.protocol.EpochHistory;
import dev.holdfast.replication.protocol.Run;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.LogRecord;
import dev.holdfast.storage.log.Lsn;
import dev.holdfast.storage.log.SnapshotItem;
import dev.holdfast.storage.log.frame.RunningHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What outlives a process: one partition's log and checkpoint, and the node's small files. Records lie in pages; a loss of
 * power takes any of the pages that were not forced, so that whole records may be left behind a hole.
 */
final class SimDisk {

    private static final long PAGE_BYTES = 512;
    private static final int RECORD_BYTES = 150;
    private static final int RUN_RECORDS = 3;

    /** One record as it lies there; {@code digest} is its checksum. */
    record Entry(LogEnd end, LogRecord.Replicated written, int digest, long endByte) {}

    /** Everything, as it was once. */
    record Copy(LogEnd base, List<SnapshotItem> checkpoint, List<Entry> entries, Epoch epoch, Session session) {}

    private final Digest digest = new Digest();
    private LogEnd base = LogEnd.EMPTY;
    private List<SnapshotItem> checkpoint = List.of();
    private final List<Entry> entries = new ArrayList<>();
    private final List<SimContent> parts = new ArrayList<>();
    private Lsn forced = Lsn.NONE;
    Epoch persistedEpoch = Epoch.NONE;
    Session session = new Session(1);
    Session pending = new Session(1);

    LogEnd base() {
        return base;
    }

    LogEnd end() {
        return entries.isEmpty() ? base : entries.get(entries.size() - 1).end();
    }

    List<SnapshotItem> checkpoint() {
        return checkpoint;
    }

    Entry entry(Lsn lsn) {
        return entries.get((int) (lsn.value() - base.lsn().value() - 1));
    }

    /** Where the log would end if it ended there; empty if that is not in it any more, or not yet. */
    Optional<LogEnd> at(Lsn lsn) {
        if (lsn.equals(base.lsn())) {
            return Optional.of(base);
        }
        boolean there = lsn.compareTo(base.lsn()) > 0 && lsn.compareTo(end().lsn()) <= 0;
        return there ? Optional.of(entry(lsn).end()) : Optional.empty();
    }

    LogEnd append(Epoch epoch, List<LogRecord.Replicated> records) {
        for (LogRecord.Replicated each : records) {
            LogEnd before = end();
            Lsn lsn = before.lsn().next();
            int checksum = digest.of(each);
            long hash = RunningHash.next(before.hash(), checksum, lsn.value(), epoch.value());
            long endByte = endByte() + RECORD_BYTES + Math.floorMod(checksum, 3 * RECORD_BYTES);
            entries.add(new Entry(new LogEnd(lsn, epoch, hash), each, checksum, endByte));
        }
        return end();
    }

    private long endByte() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).endByte();
    }

    LogEnd force() {
        forced = end().lsn();
        return end();
    }

    LogEnd truncate(Lsn to) {
        while (!entries.isEmpty() && end().lsn().compareTo(to) > 0) {
            entries.remove(entries.size() - 1);
        }
        return force();
    }

    /** Takes unforced pages away, any of them. Returns whether whole records were left behind a hole. */
    boolean losePower(SplittableRandom random) {
        long safeByte = forced.compareTo(base.lsn()) > 0 ? entry(forced).endByte() : 0;
        long lostPage = -1;
        for (long page = safeByte / PAGE_BYTES; page <= endByte() / PAGE_BYTES && lostPage < 0; page++) {
            lostPage = random.nextInt(3) == 0 ? page : -1;
        }
        parts.clear();
        if (lostPage < 0) {
            return false;
        }
        long goodUpTo = Math.max(safeByte, lostPage * PAGE_BYTES);
        int before = entries.size();
        entries.removeIf(entry -> entry.endByte() > goodUpTo);
        return before - entries.size() > PAGE_BYTES / RECORD_BYTES;
    }

    /** A record is not any more what was written. */
    void rot(SplittableRandom random) {
        if (!entries.isEmpty()) {
            int which = random.nextInt(entries.size());
            Entry good = entries.get(which);
            entries.set(which, new Entry(good.end(), good.written(), good.digest() ^ 1, good.endByte()));
        }
    }

    /** Reads everything, as recovery does; whether it is what was written. */
    boolean isWhole() {
        return entries.stream().allMatch(this::isWhole);
    }

    private boolean isWhole(Entry entry) {
        return digest.of(entry.written()) == entry.digest();
    }

    /** Sets the log and its checkpoint aside. */
    void setAside() {
        base = LogEnd.EMPTY;
        checkpoint = List.of();
        entries.clear();
        parts.clear();
        forced = Lsn.NONE;
    }

    Copy copy() {
        return new Copy(base, checkpoint, List.copyOf(entries), persistedEpoch, session);
    }

    /** Somebody puts an older copy of the directory back. */
    void restore(Copy copy) {
        setAside();
        base = copy.base();
        checkpoint = copy.checkpoint();
        entries.addAll(copy.entries());
        forced = end().lsn();
        persistedEpoch = copy.epoch();
        session = copy.session();
        pending = copy.session();
    }

    /** A checkpoint takes the place of everything up to {@code to}. */
    void trim(Lsn to, List<SnapshotItem> items) {
        base = at(to).orElseThrow();
        checkpoint = List.copyOf(items);
        entries.removeIf(entry -> entry.end().lsn().compareTo(to) <= 0);
        forced = forced.compareTo(to) < 0 ? to : forced;
    }

    EpochHistory history() {
        EpochHistory history = EpochHistory.startingAt(base);
        for (int i = 0; i < entries.size(); i++) {
            LogEnd end = entries.get(i).end();
            boolean lastOfEpoch =
                    i + 1 == entries.size() || !entries.get(i + 1).end().epoch().equals(end.epoch());
            history = lastOfEpoch ? history.append(end) : history;
        }
        return history;
    }

    /** Runs of a few records, each of one epoch; empty if {@code from} has left the log. */
    Optional<List<Run>> read(LogEnd from, long maxBytes) {
        if (from.lsn().compareTo(base.lsn()) < 0) {
            return Optional.empty();
        }
        List<Run> runs = new ArrayList<>();
        LogEnd before = at(from.lsn()).orElseThrow();
        while (before.lsn().compareTo(end().lsn()) < 0 && runs.size() * 300L < maxBytes) {
            List<LogRecord.Replicated> records = new ArrayList<>();
            LogEnd after = before;
            while (records.size() < RUN_RECORDS && after.lsn().compareTo(end().lsn()) < 0) {
                Entry next = entry(after.lsn().next());
                if (!records.isEmpty() && !next.end().epoch().equals(after.epoch())) {
                    break;
                }
                records.add(next.written());
                after = next.end();
            }
            runs.add(new Run(before, after, new SimRecords(records)));
            before = after;
        }
        return Optional.of(runs);
    }

    CheckpointChunk readCheckpoint(CheckpointPlace place, long maxItems) {
        int from = place.at().equals(base) ? (int) Math.min(place.offsetBytes(), checkpoint.size()) : 0;
        int to = (int) Math.min(checkpoint.size(), from + maxItems);
        SimContent content = new SimContent(checkpoint.subList(from, to));
        return new CheckpointChunk(new CheckpointPlace(base, from), to == checkpoint.size(), content);
    }

    CheckpointPlace store(CheckpointChunk chunk) {
        if (chunk.place().offsetBytes() == 0) {
            parts.clear();
        }
        parts.add((SimContent) chunk.content());
        return chunk.next();
    }

    LogEnd install(LogEnd at) {
        List<SnapshotItem> items = new ArrayList<>();
        parts.forEach(part -> items.addAll(part.items()));
        setAside();
        checkpoint = List.copyOf(items);
        base = at;
        return force();
    }
}
