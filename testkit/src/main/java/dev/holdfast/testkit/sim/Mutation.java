package dev.holdfast.testkit.sim;

/** Mistakes that can be planted into what surrounds the core, to see that the checks see them. */
public enum Mutation {
    /** The real thing. */
    NONE,
    /** A submit is answered when the primary's own log has it. */
    ACKNOWLEDGE_BEFORE_REPLICATION,
    /** The disk says forced when it is only appended. */
    ACKNOWLEDGE_BEFORE_FORCE,
    /** The disk says appended before it is. */
    ACKNOWLEDGE_BEFORE_APPEND,
    /** A message of a lower epoch is taken for one of the current epoch. */
    NO_EPOCH_CHECK,
    /** A process starts without the epoch that its disk has noted. */
    EPOCH_LOST_AT_RESTART,
    /** Ids are counted in the process, not taken from the log. */
    ID_FROM_MEMORY,
    /** A dispose changes the primary's ring and is not logged. */
    DISPOSE_NOT_REPLICATED,
    /** The end of an attempt counts although the task has ended. */
    RESULT_OVERWRITTEN,
    /** A disk that was put back claims the session of its newer self. */
    STALE_DISK_ELECTED,
    /** Who leaves in-sync becomes eligible although commits go on. */
    ELIGIBLE_WITH_MIN_IN_SYNC_1,
    /** A primary reads and starts without asking for its lease. */
    LEASE_IGNORED,
    /** A backup applies what it has appended. */
    BACKUP_APPLIES_UNCOMMITTED_TAIL,
    /** A truncation takes a record too many. */
    TRUNCATION_BELOW_COMMIT,
    /** A backup does not keep idempotency keys. */
    KEY_TABLE_NOT_REPLICATED,
    /** The old primary is still a member after a failover. */
    OLD_PRIMARY_LEFT_IN_IN_SYNC,
    /** A hand-over does not wait for running tasks. */
    HAND_OVER_WITHOUT_DRAIN,
    /** A learner becomes a member before it has caught up. */
    LEARNER_COUNTED,
    /** A machine that was suspended goes on as if nothing had been. */
    CLOCK_JUMP_IGNORED,
    /** A replica that lost its page cache does not say so. */
    LOSS_NOT_TOLD,
    /** A silent peer is taken for a process that is gone. */
    SILENCE_TAKEN_FOR_DEATH,
    /** A checkpoint is sent without idempotency keys. */
    CHECKPOINT_WITHOUT_KEYS
}
