package dev.holdfast.replication.protocol;

/** How a replica came to be primary. */
public enum TakeOver {
    /** Nobody was before, in this cluster. */
    FIRST,
    /** The primary before gave the partition up in order: nothing runs there any more, nothing was in flight. */
    HAND_OVER,
    /** The primary before is silent or gone. */
    FAILOVER,
    /** The table took the primary away: a recovery, or a stale disk. */
    DEPOSED,
    /** This node was the primary in an earlier session. */
    RESTART,
    /** Every in-sync member had lost what it had not forced, and this one has the most: acknowledged work may be lost. */
    ALL_SUSPECT
}
