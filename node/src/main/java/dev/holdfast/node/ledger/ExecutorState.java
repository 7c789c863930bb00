package dev.holdfast.node.ledger;

import dev.holdfast.storage.log.SnapshotItem.Counters;

/**
 * An executor in one partition, as committed.
 *
 * @param operation number of the last operation on the whole executor, 0 before any
 * @param unfinished stored and neither ended nor held
 * @param held parked or quarantined
 * @param results stored outcomes: successes, failures, cancellations
 * @param resultBytes their bytes
 */
public record ExecutorState(
        String name,
        long operation,
        boolean shutdown,
        boolean paused,
        int unfinished,
        int held,
        long results,
        long resultBytes,
        Counters counters) {}
