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

    /**
     * Within a handler: has {@code work} run by the handler's thread, when that has handed out all that it has read, which spares
     * waking another one. For what is short. It may wait for a disk: that holds up what else this thread carries, and nothing of
     * an {@linkplain Role#isUrgent urgent} role.
     *
     * @return false: not here, for this thread carries what must not wait, or has enough to do; another thread is to do it
     */
    boolean afterRead(Runnable work);
}
