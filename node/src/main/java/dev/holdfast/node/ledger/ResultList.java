package dev.holdfast.node.ledger;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stored results of one executor in the order in which they came, which is that of eviction; those with a time to live
 * of their own also by its end. Adding and removing cost no search. Belongs to whoever holds the partition.
 */
final class ResultList {

    private @Nullable StoredEntry oldest;
    private @Nullable StoredEntry newest;

    private final NavigableSet<StoredEntry> byOwnExpiry = new TreeSet<>(
            Comparator.comparingLong(StoredEntry::ownExpiryMillis).thenComparingLong(StoredEntry::sequence));

    void add(StoredEntry entry) {
        StoredEntry.Outcome outcome = entry.outcome();
        outcome.older = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.outcome().newer = entry;
        }
        newest = entry;
        if (hasOwnExpiry(entry)) {
            byOwnExpiry.add(entry);
        }
    }

    void remove(StoredEntry entry) {
        StoredEntry.Outcome outcome = entry.outcome();
        StoredEntry older = outcome.older;
        StoredEntry newer = outcome.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.outcome().newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.outcome().older = older;
        }
        // A reader may keep the entry for long; it must not keep its neighbours.
        outcome.older = null;
        outcome.newer = null;
        if (hasOwnExpiry(entry)) {
            byOwnExpiry.remove(entry);
        }
    }

    void clear() {
        for (StoredEntry entry = oldest; entry != null; ) {
            StoredEntry newer = newerThan(entry);
            entry.outcome().older = null;
            entry.outcome().newer = null;
            entry = newer;
        }
        oldest = null;
        newest = null;
        byOwnExpiry.clear();
    }

    private static boolean hasOwnExpiry(StoredEntry entry) {
        return entry.ownExpiryMillis() != Long.MAX_VALUE;
    }

    @Nullable
    StoredEntry oldest() {
        return oldest;
    }

    @Nullable
    StoredEntry newerThan(StoredEntry entry) {
        return entry.outcome().newer;
    }

    /** Whether it is still in the list. */
    boolean holds(StoredEntry entry) {
        return entry == oldest || entry.outcome().older != null;
    }

    /** Those with a time to live of their own, the first to expire first. */
    Iterable<StoredEntry> byOwnExpiry() {
        return byOwnExpiry;
    }
}
