package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.IdempotencyTable.Remembered;
import dev.holdfast.node.ledger.Totals.Total;
import dev.holdfast.storage.log.SnapshotItem.Removal;
import dev.holdfast.storage.log.TaskSpec;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One executor as it will be when everything in flight is applied. Made from the committed one by the first record in
 * flight that concerns it, gone with the last.
 */
final class PendingExecutor {

    /** A result in flight; {@code ordinal} counts them. */
    private record PendingResult(long ordinal, StoredEntry entry) {}

    private final String name;
    private final TaskRing ring;
    private final ExecutorLimits limits;
    private final Totals delta = new Totals();
    private final PendingKeys keys;
    private final ArrayDeque<PendingResult> results = new ArrayDeque<>();
    private long resultsAdded;
    private long resultsCommitted;

    private long operation;
    private boolean shutdown;
    private boolean paused;
    private boolean evictedEver;

    private int records;
    private int destroysInFlight;
    private long destroyedBelow;

    /** The last committed result that was seen to be removed in flight: those before it are too. */
    private @Nullable StoredEntry passed;

    PendingExecutor(String name, TaskRing ring) {
        this.name = name;
        this.ring = ring;
        this.limits = ring.limits(name);
        this.keys = new PendingKeys(limits);
        renew();
    }

    /** As if new, from what is committed now. Only while nothing in flight concerns it: then there is no change in its totals. */
    void renew() {
        ExecutorRing committed = ring.executor(name);
        keys.renew(committed == null ? null : committed.keys());
        operation = committed == null ? 0 : committed.operation();
        shutdown = committed != null && committed.shutdown();
        paused = committed != null && committed.paused();
        evictedEver = committed != null && committed.tombstones().evictedEver();
        results.clear();
        resultsAdded = 0;
        resultsCommitted = 0;
        destroyedBelow = 0;
        passed = null;
    }

    void recordAdded() {
        records++;
    }

    /** Whether that was the last. */
    boolean recordApplied() {
        records--;
        return records == 0;
    }

    void changed(Change change) {
        delta.count(change, 1);
        if (change.submitted()) {
            keys.add(change.after());
        }
        if (change.storesResult()) {
            results.addLast(new PendingResult(resultsAdded++, change.after()));
        }
        if (change.removal() == Removal.EVICTED) {
            evictedEver = true;
        }
    }

    void applied(Change change) {
        delta.count(change, -1);
        if (change.submitted()) {
            keys.committed(change.after());
        }
        if (change.storesResult()) {
            resultsCommitted++;
            if (!results.isEmpty() && results.getFirst().ordinal() < resultsCommitted) {
                results.removeFirst();
            }
        }
    }

    void operated(long number, boolean nowShutdown, boolean nowPaused) {
        operation = number;
        shutdown = nowShutdown;
        paused = nowPaused;
    }

    /** Returns what is taken from the totals, to be given to {@link #destroyApplied}. */
    Totals destroyed(long endSequenceExclusive) {
        Totals taken = new Totals();
        for (Total total : new Total[] {Total.UNFINISHED, Total.HELD, Total.RESULTS, Total.RESULT_BYTES}) {
            taken.add(total, total(total));
        }
        delta.addAll(taken, -1);
        destroyedBelow = endSequenceExclusive;
        destroysInFlight++;
        evictedEver = false;
        keys.clear();
        results.clear();
        passed = null;
        return taken;
    }

    void destroyApplied(Totals taken) {
        delta.addAll(taken, 1);
        destroysInFlight--;
    }

    /** The oldest result that {@code alive} knows, or null. */
    @Nullable
    StoredEntry oldestResult(Predicate<StoredEntry> alive) {
        ResultList list = committedResults();
        if (list != null) {
            boolean goOn = passed != null && list.holds(passed);
            @Nullable StoredEntry entry = goOn && passed != null ? list.newerThan(passed) : list.oldest();
            while (entry != null) {
                if (alive.test(entry)) {
                    return entry;
                }
                passed = entry;
                entry = list.newerThan(entry);
            }
        }
        while (!results.isEmpty()) {
            StoredEntry entry = results.getFirst().entry();
            if (alive.test(entry)) {
                return entry;
            }
            results.removeFirst();
        }
        return null;
    }

    /** Adds to {@code found} the results whose time is over, until it has {@code enough}. */
    void collectExpired(long nowMillis, Predicate<StoredEntry> alive, int enough, Collection<Long> found) {
        ResultList list = committedResults();
        if (limits.ttlMillis() != TaskSpec.NO_TTL) {
            collectByCommonExpiry(nowMillis, alive, enough, found);
        }
        if (list != null) {
            for (StoredEntry entry : list.byOwnExpiry()) {
                if (entry.ownExpiryMillis() > nowMillis || found.size() >= enough) {
                    break;
                }
                if (alive.test(entry)) {
                    found.add(entry.sequence());
                }
            }
        }
        for (PendingResult pending : results) {
            StoredEntry entry = pending.entry();
            if (found.size() < enough && entry.ownExpiryMillis() <= nowMillis && alive.test(entry)) {
                found.add(entry.sequence());
            }
        }
    }

    /** In the order of the ends, up to the first whose time is not over. */
    private void collectByCommonExpiry(
            long nowMillis, Predicate<StoredEntry> alive, int enough, Collection<Long> found) {
        ResultList list = committedResults();
        @Nullable StoredEntry entry = list == null ? null : list.oldest();
        while (list != null && entry != null) {
            if (alive.test(entry) && !collectIfExpired(entry, nowMillis, enough, found)) {
                return;
            }
            entry = list.newerThan(entry);
        }
        for (PendingResult pending : results) {
            if (alive.test(pending.entry()) && !collectIfExpired(pending.entry(), nowMillis, enough, found)) {
                return;
            }
        }
    }

    private boolean collectIfExpired(StoredEntry entry, long nowMillis, int enough, Collection<Long> found) {
        if (entry.expiryMillis(limits.ttlMillis()) > nowMillis || found.size() >= enough) {
            return false;
        }
        found.add(entry.sequence());
        return true;
    }

    /** Null while all of them are to be destroyed. */
    private @Nullable ResultList committedResults() {
        ExecutorRing committed = ring.executor(name);
        return committed == null || destroysInFlight > 0 ? null : committed.results();
    }

    @Nullable
    Remembered key(String key, long nowMillis) {
        ExecutorRing committed = ring.executor(name);
        return keys.find(key, nowMillis, committed == null || destroysInFlight > 0 ? null : committed.keys());
    }

    /** Committed and in flight together. */
    long total(Total total) {
        ExecutorRing committed = ring.executor(name);
        return delta.get(total) + (committed == null ? 0 : committed.totals().get(total));
    }

    /** In flight alone; any thread. */
    long delta(Total total) {
        return delta.get(total);
    }

    ExecutorLimits limits() {
        return limits;
    }

    long operation() {
        return operation;
    }

    boolean shutdown() {
        return shutdown;
    }

    boolean paused() {
        return paused;
    }

    boolean evictedEver() {
        return evictedEver;
    }

    String name() {
        return name;
    }

    /** Every task of the executor below this sequence was destroyed, or will be. */
    long destroyedBelow() {
        return destroyedBelow;
    }
}
