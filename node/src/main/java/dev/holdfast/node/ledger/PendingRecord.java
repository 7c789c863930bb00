package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.LogRecord;
import org.jspecify.annotations.Nullable;

/** A record in flight, and what has to be taken back from the overlay when it is applied. */
final class PendingRecord {

    final LogRecord.Replicated record;

    @Nullable
    Change change;

    /** The executor that it concerns, if any. */
    @Nullable
    String executor;

    /** What a destroy takes from the executor's totals. */
    @Nullable
    Totals destroyed;

    PendingRecord(LogRecord.Replicated record) {
        this.record = record;
    }
}
