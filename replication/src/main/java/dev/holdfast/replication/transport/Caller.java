package dev.holdfast.replication.transport;

import java.util.Optional;

/** The connection that a message came in by. Any thread. */
public interface Caller {

    /** What the other side said of itself and was admitted with. */
    Identity identity();

    /** The subject of its certificate; empty without TLS. */
    Optional<String> principal();

    /**
     * Reads nothing more from this connection until {@link #resume()}: its sender's queue fills up. Called in a handler it
     * holds from the next message on; on another thread a few may still come in.
     */
    void pause();

    /** Ends {@link #pause()}. */
    void resume();
}
