package dev.holdfast.replication.transport;

/** What became of a message when it was given away. Whether it arrives only the other side can say. */
public enum SendResult {
    /** It waits to be written. */
    QUEUED(true),
    /** It waits to be written; an older one of its kind was dropped for it. */
    QUEUED_DROPPING_OLDER(true),
    /** Dropped: as many of its kind wait as may. {@link ConnectionListener#writable} tells when there is room. */
    FULL(false),
    /** Dropped: nobody is connected, and the next attempt is not due yet. {@link ConnectionListener#connected} tells. */
    NOT_CONNECTED(false),
    /** Dropped: larger than the peer takes; sending it again is useless. */
    TOO_LARGE(false),
    /** Dropped: the kind is not for the peer's role; a mistake of the caller. */
    NOT_ALLOWED(false),
    /** Dropped: its body threw or wrote another number of bytes than it said; a mistake of the caller, in the log. */
    NOT_ENCODED(false),
    /** Dropped: as many peers are connected to as may be. */
    TOO_MANY_PEERS(false),
    /** Dropped: the transport is closed. */
    CLOSED(false);

    private final boolean queued;

    SendResult(boolean queued) {
        this.queued = queued;
    }

    /** Whether it may still arrive. */
    public boolean isQueued() {
        return queued;
    }
}
