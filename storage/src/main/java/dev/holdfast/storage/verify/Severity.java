package dev.holdfast.storage.verify;

/** What a finding means for the next start. */
public enum Severity {
    /** As it has to be after what happened, for example a torn tail after a kill. */
    NOTE,
    /** The partition serves, but something was lost, or a spare copy is gone. */
    WARNING,
    /** The partition, or the node, refuses. */
    DAMAGE
}
