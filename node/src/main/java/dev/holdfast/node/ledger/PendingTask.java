package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem.Removal;
import org.jspecify.annotations.Nullable;

/** A task that records in flight change, as it will be after the last of them. */
final class PendingTask {

    final String executor;

    /** Null once one of them removes it. */
    @Nullable
    StoredEntry entry;

    @Nullable
    Removal removal;

    /** How many of them are about it. */
    int records;

    PendingTask(String executor) {
        this.executor = executor;
    }
}
