package dev.holdfast.replication.transport;

import java.util.Optional;

/** Who may connect, beyond cluster, version and session, which the transport checks itself. Must not block. */
@FunctionalInterface
public interface Admission {

    /** Everybody. */
    Admission OF_ALL = (who, principal) -> Optional.empty();

    /**
     * @param who what the other side says of itself
     * @param principal the subject of its certificate; empty without TLS
     * @return why not; empty: admitted
     */
    Optional<Refusal> refuses(Identity who, Optional<String> principal);
}
