package dev.holdfast.node.ledger;

import dev.holdfast.node.ledger.Totals.Total;
import dev.holdfast.storage.log.SnapshotItem;

/**
 * What a partition keeps for one executor name beside its entries. Made by the first record that names it and kept for
 * good: the number of the last operation must outlive a destroy. Whoever holds the partition changes it; {@link #state} and
 * {@link #tombstones} may be read by any thread.
 */
final class ExecutorRing {

    private final String name;
    private final ExecutorLimits limits;
    private final Totals totals = new Totals();
    private final Tombstones tombstones;
    private final IdempotencyTable keys;
    private final ResultList results = new ResultList();

    private volatile long operation;
    private volatile boolean shutdown;
    private volatile boolean paused;

    ExecutorRing(String name, ExecutorLimits limits) {
        this.name = name;
        this.limits = limits;
        this.tombstones = new Tombstones(limits.tombstones());
        this.keys = new IdempotencyTable(limits);
    }

    /** Notes an operation on the whole executor. */
    void operate(long number, boolean nowShutdown, boolean nowPaused) {
        if (number <= operation) {
            throw new IllegalStateException("The numbers of an executor's operations do not grow: executor=" + name
                    + ", operation=" + number + ", last=" + operation);
        }
        operation = number;
        shutdown = nowShutdown;
        paused = nowPaused;
    }

    void install(SnapshotItem.OfExecutor item) {
        operation = item.operation();
        shutdown = item.shutdown();
        paused = item.paused();
        tombstones.install(item.evictedEver(), item.oldestTombstone());
        totals.install(item.counters());
    }

    SnapshotItem.OfExecutor toSnapshot() {
        return new SnapshotItem.OfExecutor(
                name,
                operation,
                shutdown,
                paused,
                tombstones.evictedEver(),
                tombstones.oldestTombstone(),
                totals.counters());
    }

    ExecutorState state() {
        return new ExecutorState(
                name,
                operation,
                shutdown,
                paused,
                Math.toIntExact(totals.get(Total.UNFINISHED)),
                Math.toIntExact(totals.get(Total.HELD)),
                totals.get(Total.RESULTS),
                totals.get(Total.RESULT_BYTES),
                totals.counters());
    }

    /** About what a checkpoint writes for it beside its entries; any thread, so only of what grows with the tombstones. */
    long liveBytes() {
        return (long) Long.BYTES * tombstones.size();
    }

    String name() {
        return name;
    }

    ExecutorLimits limits() {
        return limits;
    }

    Totals totals() {
        return totals;
    }

    Tombstones tombstones() {
        return tombstones;
    }

    IdempotencyTable keys() {
        return keys;
    }

    ResultList results() {
        return results;
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
}
