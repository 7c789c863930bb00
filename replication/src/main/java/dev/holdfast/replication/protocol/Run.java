package dev.holdfast.replication.protocol;

import dev.holdfast.storage.log.Epoch;
import dev.holdfast.storage.log.LogEnd;

/**
 * Records of one epoch between two places of a log. Appended to a log that ends in {@code before}, they make it end in {@code
 * after}: the LSN is dense, and the running hash tells whether both logs were equal up to there.
 */
public record Run(LogEnd before, LogEnd after, Records records) {

    public Run {
        if (after.lsn().value() - before.lsn().value() != records.count()) {
            throw new IllegalArgumentException(
                    "Not a run: before=" + before.lsn() + ", after=" + after.lsn() + ", records=" + records.count());
        }
        if (after.epoch().compareTo(before.epoch()) < 0) {
            throw new IllegalArgumentException(
                    "Not a run: the epoch falls from " + before.epoch() + " to " + after.epoch());
        }
    }

    /** The epoch that all its records were first appended under. */
    public Epoch epoch() {
        return after.epoch();
    }
}
