package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SequenceRange;
import dev.holdfast.storage.log.SnapshotItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A ring as a stream of {@link SnapshotItem}s. What changes is copied at once, by whoever holds the partition: lists of
 * references and of numbers; entries are immutable and become items as the stream is read, by another thread.
 *
 * <p>Results come in the order in which they ended: installing them in that order gives the order of eviction again.
 */
final class RingSnapshot {

    private RingSnapshot() {}

    static Stream<SnapshotItem> of(
            SnapshotItem.OfPartition partition,
            List<SequenceRange> lost,
            List<ExecutorRing> executors,
            StoredEntry[] unfinishedAndHeld) {
        List<SnapshotItem> small = new ArrayList<>();
        small.add(partition);
        lost.forEach(range -> small.add(new SnapshotItem.Lost(range)));
        Stream<SnapshotItem> items = Stream.empty();
        for (ExecutorRing executor : executors) {
            small.add(executor.toSnapshot());
            small.addAll(executor.tombstones().runs(executor.name()));
            items = Stream.concat(items, keys(executor));
        }
        Stream<SnapshotItem> results = Stream.empty();
        for (ExecutorRing executor : executors) {
            results = Stream.concat(results, tasks(results(executor)));
        }
        return Stream.of(small.stream(), items, tasks(unfinishedAndHeld), results)
                .flatMap(part -> part);
    }

    private static Stream<SnapshotItem> keys(ExecutorRing executor) {
        return executor.keys().toList().stream()
                .map(key -> new SnapshotItem.Key(executor.name(), key.key(), key.sequence(), key.atMillis()));
    }

    private static Stream<SnapshotItem> tasks(StoredEntry[] entries) {
        return Arrays.stream(entries).map(StoredEntry::toSnapshot);
    }

    private static StoredEntry[] results(ExecutorRing executor) {
        List<StoredEntry> results = new ArrayList<>();
        @Nullable StoredEntry entry = executor.results().oldest();
        while (entry != null) {
            results.add(entry);
            entry = executor.results().newerThan(entry);
        }
        return results.toArray(StoredEntry[]::new);
    }
}
