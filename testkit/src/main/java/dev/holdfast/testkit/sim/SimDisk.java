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
import java.util.BitSet;
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
    record Entry(LogEnd end, LogRecord.Replicated written, int digest, long startByte, long endByte) {}

    /** What a start found its log to be. */
    enum Found {
        WHOLE,
        /** Power was lost: the log ends before what is missing, and nothing whole is behind that. */
        TAIL_LOST,
        /** Power was lost: the log ends before what is missing, although whole records are behind that. */
        HOLE,
        /** A record that was forced, or that no loss of power explains, is not what was written. */
        DAMAGED
    }

    /** Everything, as it was once. */
    record Copy(LogEnd base, List<SnapshotItem> checkpoint, List<Entry> entries, Epoch epoch, Session session) {}

    private final Digest digest = new Digest();
    private LogEnd base = LogEnd.EMPTY;
    private List<SnapshotItem> checkpoint = List.of();
    private final List<Entry> entries = new ArrayList<>();
    private final List<SimContent> parts = new ArrayList<>();
    private Lsn forced = Lsn.NONE;

    /** Where the first record behind {@link #base} begins. */
    private long baseByte;

    /** Power was lost, and nobody has read the log since. */
    private boolean cacheLost;

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
        if (there && cacheLost) {
            there = lsn.value() - base.lsn().value() <= wholeEntries();
        }
        return there ? Optional.of(entry(lsn).end()) : Optional.empty();
    }

    LogEnd append(Epoch epoch, List<LogRecord.Replicated> records) {
        for (LogRecord.Replicated each : records) {
            LogEnd before = end();
            Lsn lsn = before.lsn().next();
            int checksum = digest.of(each);
            long hash = RunningHash.next(before.hash(), checksum, lsn.value(), epoch.value());
            long startByte = endByte();
            long endByte = startByte + RECORD_BYTES + Math.floorMod(checksum, 3 * RECORD_BYTES);
            entries.add(new Entry(new LogEnd(lsn, epoch, hash), each, checksum, startByte, endByte));
        }
        return end();
    }

    long endByte() {
        return entries.isEmpty() ? baseByte : entries.get(entries.size() - 1).endByte();
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

    /** Takes unforced pages away, any of them: what lies on others stays, be it behind a hole. */
    void losePower(SplittableRandom random) {
        long safeByte = forced.compareTo(base.lsn()) > 0 ? entry(forced).endByte() : baseByte;
        long firstPage = safeByte / PAGE_BYTES;
        BitSet lostPages = new BitSet();
        for (long page = firstPage; page <= endByte() / PAGE_BYTES; page++) {
            lostPages.set((int) (page - firstPage), random.nextInt(3) == 0);
        }
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int from = (int) (entry.startByte() / PAGE_BYTES - firstPage);
            int to = (int) ((entry.endByte() - 1) / PAGE_BYTES - firstPage);
            int lost = lostPages.nextSetBit(Math.max(0, from));
            if (entry.startByte() >= safeByte && lost >= 0 && lost <= to) {
                entries.set(i, unreadable(entry));
            }
        }
        parts.clear();
        cacheLost = true;
    }

    /** A record is not any more what was written. */
    void rot(SplittableRandom random) {
        if (!entries.isEmpty()) {
            int which = random.nextInt(entries.size());
            entries.set(which, unreadable(entries.get(which)));
        }
    }

    private Entry unreadable(Entry entry) {
        int wrong = digest.of(entry.written()) ^ 1;
        return new Entry(entry.end(), entry.written(), wrong, entry.startByte(), entry.endByte());
    }

    /**
     * Reads everything, as a start does, and ends the log where it has to end, or sets it aside.
     *
     * @param always whether what is missing of a log may only be what was never forced
     * @param readsOn a mistake: what is behind a hole is taken for its continuation
     */
    Found recover(boolean always, boolean readsOn) {
        int whole = wholeEntries();
        boolean lost = cacheLost;
        cacheLost = false;
        if (whole == entries.size()) {
            return Found.WHOLE;
        }
        boolean wasForced = entries.get(whole).end().lsn().compareTo(forced) <= 0;
        if (!lost || (always && wasForced)) {
            setAside();
            return Found.DAMAGED;
        }
        List<Entry> behind = entries.subList(whole, entries.size());
        boolean hole = behind.stream().anyMatch(this::isWhole);
        if (readsOn) {
            behind.removeIf(entry -> !isWhole(entry));
        } else {
            behind.clear();
        }
        force();
        return hole ? Found.HOLE : Found.TAIL_LOST;
    }

    private int wholeEntries() {
        int whole = 0;
        while (whole < entries.size() && isWhole(entries.get(whole))) {
            whole++;
        }
        return whole;
    }

    /** The first record that is not what was written, or does not follow on the one before it. */
    Optional<Entry> firstWrong() {
        LogEnd before = base;
        for (Entry each : entries) {
            LogEnd end = each.end();
            long hash = RunningHash.next(
                    before.hash(),
                    each.digest(),
                    before.lsn().next().value(),
                    end.epoch().value());
            if (!isWhole(each) || !end.lsn().equals(before.lsn().next()) || end.hash() != hash) {
                return Optional.of(each);
            }
            before = end;
        }
        return Optional.empty();
    }

    boolean isWhole() {
        return wholeEntries() == entries.size();
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
        baseByte = 0;
        cacheLost = false;
    }

    Copy copy() {
        return new Copy(base, checkpoint, List.copyOf(entries), persistedEpoch, session);
    }

    /** Somebody puts an older copy of the directory back. */
    void restore(Copy copy) {
        setAside();
        base = copy.base();
        baseByte = copy.entries().isEmpty() ? 0 : copy.entries().get(0).startByte();
        checkpoint = copy.checkpoint();
        entries.addAll(copy.entries());
        forced = end().lsn();
        persistedEpoch = copy.epoch();
        session = copy.session();
        pending = copy.session();
    }

    /** A checkpoint takes the place of everything up to {@code to}. */
    void trim(Lsn to, List<SnapshotItem> items) {
        baseByte = to.compareTo(base.lsn()) > 0 ? entry(to).endByte() : baseByte;
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

    /** Whether another copy's checkpoint may take the place of everything soon. */
    boolean isInstalling() {
        return !parts.isEmpty();
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
