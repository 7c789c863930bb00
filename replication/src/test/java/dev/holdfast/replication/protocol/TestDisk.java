package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.Lsn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What of a replica outlives its process: a log, of which the page cache may lose what was not forced. */
final class TestDisk {

    record Entry(LogEnd end, String name) {}

    private LogEnd base = LogEnd.EMPTY;
    private final List<Entry> entries = new ArrayList<>();
    private Lsn forced = Lsn.NONE;
    Epoch persistedEpoch = Epoch.NONE;

    /** What a checkpoint at {@link #base} holds: the names of everything before. */
    private List<String> checkpoint = new ArrayList<>();

    private final List<Content> parts = new ArrayList<>();

    record Content(List<String> names) implements dev.holdfast.replication.protocol.Content {
        @Override
        public long bytes() {
            return names.size();
        }
    }

    LogEnd end() {
        return entries.isEmpty() ? base : entries.get(entries.size() - 1).end();
    }

    LogEnd base() {
        return base;
    }

    LogEnd append(Epoch epoch, TestRecords records) {
        for (String name : records.names()) {
            LogEnd before = end();
            Lsn lsn = before.lsn().next();
            long hash = before.hash() * 31 + Objects.hash(lsn, epoch, name);
            entries.add(new Entry(new LogEnd(lsn, epoch, hash), name));
        }
        return end();
    }

    LogEnd force() {
        forced = end().lsn();
        return end();
    }

    LogEnd truncate(Lsn to) {
        entries.removeIf(entry -> entry.end().lsn().compareTo(to) > 0);
        return force();
    }

    /** The machine lost power: what was not forced is gone. */
    void losePageCache() {
        entries.removeIf(entry -> entry.end().lsn().compareTo(forced) > 0);
    }

    /** Everything is gone, as when a damaged log was put away; but for the epoch. */
    void setAside() {
        entries.clear();
        checkpoint = new ArrayList<>();
        base = LogEnd.EMPTY;
        forced = Lsn.NONE;
    }

    void flip(Lsn lsn) {
        entries.replaceAll(entry -> entry.end().lsn().compareTo(lsn) < 0
                ? entry
                : new Entry(
                        new LogEnd(
                                entry.end().lsn(),
                                entry.end().epoch(),
                                entry.end().hash() + 1),
                        entry.name() + "?"));
    }

    void trim(Lsn to) {
        List<String> all = names();
        LogEnd at = at(to);
        checkpoint = new ArrayList<>(all.subList(0, (int) to.value()));
        entries.removeIf(entry -> entry.end().lsn().compareTo(to) <= 0);
        base = at;
    }

    LogEnd at(Lsn lsn) {
        return entry(lsn).map(Entry::end).orElse(base);
    }

    Optional<Entry> entry(Lsn lsn) {
        return entries.stream().filter(each -> each.end().lsn().equals(lsn)).findFirst();
    }

    /** Of everything, from the first on. */
    List<String> names() {
        List<String> names = new ArrayList<>(checkpoint);
        entries.forEach(entry -> names.add(entry.name()));
        return names;
    }

    EpochHistory history() {
        EpochHistory history = EpochHistory.startingAt(base);
        for (Entry entry : entries) {
            history = history.append(entry.end());
        }
        return history;
    }

    /** Runs of at most {@code records} records, each of one epoch; empty if {@code from} has left the log. */
    Optional<List<Run>> read(LogEnd from, int records) {
        if (from.lsn().compareTo(base.lsn()) < 0) {
            return Optional.empty();
        }
        List<Run> runs = new ArrayList<>();
        LogEnd before = at(from.lsn());
        for (Entry entry : entries) {
            if (entry.end().lsn().compareTo(from.lsn()) > 0 && runs.size() < records) {
                runs.add(new Run(before, entry.end(), TestRecords.of(entry.name())));
                before = entry.end();
            }
        }
        return Optional.of(runs);
    }

    /** Two names a part. */
    CheckpointChunk readCheckpoint(CheckpointPlace place) {
        int from = place.at().equals(base) ? (int) place.offsetBytes() : 0;
        int to = Math.min(checkpoint.size(), from + 2);
        return new CheckpointChunk(
                new CheckpointPlace(base, from),
                to == checkpoint.size(),
                new Content(List.copyOf(checkpoint.subList(from, to))));
    }

    CheckpointPlace store(CheckpointChunk chunk) {
        if (chunk.place().offsetBytes() == 0) {
            parts.clear();
        }
        parts.add((Content) chunk.content());
        return chunk.next();
    }

    LogEnd install(LogEnd at) {
        checkpoint = new ArrayList<>();
        parts.forEach(part -> checkpoint.addAll(part.names()));
        base = at;
        entries.clear();
        return force();
    }
}
