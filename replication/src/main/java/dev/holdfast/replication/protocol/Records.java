package dev.holdfast.replication.protocol;

/**
 * Replicated records that the protocol carries and never looks into. Immutable: the same object may be in a window, in a
 * message and with the log at the same time.
 */
public interface Records {

    /** How many LSNs they take, at least 1. */
    int count();

    /** What they weigh against the windows, about what they take on the wire. */
    long bytes();
}
