package dev.holdfast.testkit.sim;

import java.util.Set;

/** Mistakes that can be planted into what surrounds the core, to see that the checks see them. */
public enum Mutation {
    /** The real thing. */
    NONE(),
    /** A submit is answered when the primary's own log has it. */
    ACKNOWLEDGE_BEFORE_REPLICATION("R2"),
    /** The disk says forced when it is only appended. */
    ACKNOWLEDGE_BEFORE_FORCE("I1", "I12"),
    /** The disk says appended before it is. */
    ACKNOWLEDGE_BEFORE_APPEND("I1", "I12"),
    /** A beacon of a lower epoch is answered; what else is of a lower epoch is taken for a message of the current one. */
    NO_EPOCH_CHECK("I8", "lease"),
    /** A process starts without the epoch that its disk has noted. */
    EPOCH_LOST_AT_RESTART("I8"),
    /** Ids are counted in the process, not taken from the log. */
    ID_FROM_MEMORY("I7"),
    /** A dispose changes the primary's ring and is not logged. */
    DISPOSE_NOT_REPLICATED("I5", "I6", "I13"),
    /** The end of an attempt counts although the task has ended. */
    RESULT_OVERWRITTEN("I3"),
    /** A disk that was put back claims the session of its newer self. */
    STALE_DISK_ELECTED("I12", "I1"),
    /** Who leaves in-sync becomes eligible although commits go on. */
    ELIGIBLE_WITH_MIN_IN_SYNC_1("I12"),
    /** A primary reads and starts without asking for its lease. */
    LEASE_IGNORED("lease", "R5"),
    /** A backup applies what it has appended. */
    BACKUP_APPLIES_UNCOMMITTED_TAIL("R2"),
    /** A truncation takes a record too many. */
    TRUNCATION_BELOW_COMMIT("I1", "I12"),
    /** A backup does not keep idempotency keys. */
    KEY_TABLE_NOT_REPLICATED("I13", "I9"),
    /** The old primary is still a member after a failover. */
    OLD_PRIMARY_LEFT_IN_IN_SYNC("I12", "R7"),
    /** A hand-over does not wait for running tasks. */
    HAND_OVER_WITHOUT_DRAIN("hand-over"),
    /** A learner becomes a member before it has caught up. */
    LEARNER_COUNTED("I12", "R7"),
    /** A machine that was suspended goes on as if nothing had been. */
    CLOCK_JUMP_IGNORED("lease", "R5"),
    /** A replica that lost its page cache does not say so. */
    LOSS_NOT_TOLD("I12"),
    /** A silent peer is taken for a process that is gone. */
    SILENCE_TAKEN_FOR_DEATH("lease"),
    /** A checkpoint is sent without idempotency keys. */
    CHECKPOINT_WITHOUT_KEYS("I13", "I9"),
    /** A request is not part of the record that it causes: a repetition after a failover is stored again. */
    REQUEST_NOT_LOGGED("I9"),
    /** A checkpoint is sent without the calls of remote callers. */
    CHECKPOINT_WITHOUT_REQUESTS("I13", "I9"),
    /** A primary that ends says that nothing is stored where nobody can know. */
    UNKNOWN_TAKEN_FOR_NOTHING("I10"),
    /** A primary removes a result that nobody disposed of. */
    RESULT_REMOVED_UNASKED("I5"),
    /** Recovery reads on behind a hole. */
    HOLE_READ_OVER("I11"),
    /** Who leads after a loss goes on with the ids of its log. */
    IDS_ISSUED_AGAIN_AFTER_A_LOSS("I7");

    private final Set<String> caughtBy;

    Mutation(String... caughtBy) {
        this.caughtBy = Set.of(caughtBy);
    }

    /**
     * What the mistake has to be caught by: the harm that it does, not an exception that its planting causes.
     *
     * @return numbers of invariants or names of other rules, see {@code docs/simulation.md}; any of them will do
     */
    public Set<String> caughtBy() {
        return caughtBy;
    }
}
