package dev.holdfast.replication.protocol;

/** Why a run was not appended. In every case nothing of it is in any log. */
public enum Refusal {
    /** Another replica is primary, or nobody is. */
    NOT_PRIMARY,
    /** Primary, and its epoch is not committed yet. */
    STARTING,
    /** As much is in flight as may be; to be tried again when the commit has advanced. */
    WINDOW_FULL,
    /** A planned hand-over has stopped the intake; it ends with a new primary, or is called off. */
    HANDING_OVER,
    /** Fewer members are in sync than {@code min-in-sync}: nothing could be committed. */
    TOO_FEW_IN_SYNC,
    /** The log said that it has no room. */
    LOG_FULL
}
