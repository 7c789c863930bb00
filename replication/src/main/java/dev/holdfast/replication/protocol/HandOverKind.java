package dev.holdfast.replication.protocol;

/** Why a primary is to resign. */
public enum HandOverKind {
    /** To spread load: called off when running tasks do not end in time, and tried again later. */
    BALANCE,
    /** The node closes: whoever asks abandons what still runs after its own grace, then says that it is drained. */
    CLOSE
}
