package dev.holdfast.node.ledger;

/**
 * Limits of one executor in one partition.
 *
 * @param capacity unfinished tasks
 * @param maxHeld parked and quarantined tasks; beyond it submits are refused
 * @param maxResults stored results
 * @param maxResultBytes bytes of stored results
 * @param ttlMillis how long a result is kept, or {@link dev.holdfast.storage.log.TaskSpec#NO_TTL}
 * @param rejectWhenFull whether full results refuse submits instead of evicting the oldest
 * @param tombstones removed ids that are remembered
 * @param keys idempotency keys that are remembered, for at most {@code keyTtlMillis}
 */
public record ExecutorLimits(
        int capacity,
        int maxHeld,
        long maxResults,
        long maxResultBytes,
        long ttlMillis,
        boolean rejectWhenFull,
        int tombstones,
        int keys,
        long keyTtlMillis) {}
