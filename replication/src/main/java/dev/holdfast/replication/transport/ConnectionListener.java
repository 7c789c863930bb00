package dev.holdfast.replication.transport;

/**
 * Told what happens to connections, in order per peer, by threads of the network: must not block. The transport connects
 * again by itself, whatever happened, until it is told to disconnect.
 */
public interface ConnectionListener {

    /** Listens to nothing. */
    ConnectionListener NONE = new ConnectionListener() {};

    /** Messages reach {@code remote}; what was sent before may be lost. */
    default void connected(Peer peer, Identity remote) {}

    /** The connection to {@code remote} ended; what waited was dropped. Whether its process lives is not known. */
    default void lost(Peer peer, Identity remote, String reason) {}

    /**
     * Nobody listens where {@code last} did: its process is gone, unless something between fakes a reset. Told once per
     * connection that was lost.
     */
    default void gone(Peer peer, Identity last) {}

    /** An attempt to connect failed: no route, time over, refused by the system. Told at every attempt. */
    default void unreachable(Peer peer, String reason) {}

    /** One of the two sides does not want the other. */
    default void refused(Peer peer, Refusal refusal) {}

    /** The process {@code known} is gone: the same disk is used by {@code seen}, which has connected or was reached. */
    default void newerSession(Identity known, Identity seen) {}

    /** A queue that had refused messages is at most half full. */
    default void writable(Peer peer, MessageKind kind) {}

    /** Somebody connected to us. */
    default void accepted(Caller caller) {}

    /** Somebody who had connected to us is not connected any more. */
    default void ended(Caller caller) {}
}
