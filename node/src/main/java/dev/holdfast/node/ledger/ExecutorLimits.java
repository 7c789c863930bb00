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
        long keyTtlMillis) {

    private static final int MANY = 10_000_000;

    /**
     * For a look at, or a visit to, what a node has stored under limits that are not known here: nothing is refused, evicted
     * or forgotten for them: what was kept is in the log. Who is to decide whether an idempotency key is still in force needs
     * {@link #withKeysOf} too.
     */
    public static final ExecutorLimits NONE = new ExecutorLimits(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            dev.holdfast.storage.log.TaskSpec.NO_TTL,
            false,
            MANY,
            MANY,
            Long.MAX_VALUE);

    /** These limits, but as long as {@code others} an idempotency key is in force. */
    public ExecutorLimits withKeysOf(ExecutorLimits others) {
        return new ExecutorLimits(
                capacity,
                maxHeld,
                maxResults,
                maxResultBytes,
                ttlMillis,
                rejectWhenFull,
                tombstones,
                others.keys,
                others.keyTtlMillis);
    }
}
