package dev.holdfast.replication.transport;

/** What became of a message when it was given away. Whether it arrives only the other side can say. */
public enum SendResult {
    /** It waits to be written. */
    QUEUED(true, "nothing to do"),
    /** It waits to be written; an older one of its kind was dropped for it. */
    QUEUED_DROPPING_OLDER(true, "nothing to do"),
    /** Dropped: as many of its kind wait as may. {@link ConnectionListener#writable} tells when there is room. */
    FULL(false, "wait for the queue to empty, then send it again"),
    /** Dropped: nobody is connected, and the next attempt is not due yet. {@link ConnectionListener#connected} tells. */
    NOT_CONNECTED(false, "send it again when connected"),
    /** Dropped: larger than the peer takes; sending it again is useless. */
    TOO_LARGE(false, "send less at once, or raise network.max-frame on all members"),
    /** Dropped: the kind is not for the peer's role; a mistake of the caller. */
    NOT_ALLOWED(false, "use a connection of another role"),
    /** Dropped: its body threw or wrote another number of bytes than it said; a mistake of the caller, in the log. */
    NOT_ENCODED(false, "see the log, this is a defect"),
    /** Dropped: as many peers are connected to as may be. */
    TOO_MANY_PEERS(false, "disconnect from peers that are not needed"),
    /** Dropped: the transport is closed. */
    CLOSED(false, "it was closed; open another transport");

    private final boolean queued;
    private final String remedy;

    SendResult(boolean queued, String remedy) {
        this.queued = queued;
        this.remedy = remedy;
    }

    /** What to do, for messages. */
    public String remedy() {
        return remedy;
    }

    /** Whether it may still arrive. */
    public boolean isQueued() {
        return queued;
    }
}
