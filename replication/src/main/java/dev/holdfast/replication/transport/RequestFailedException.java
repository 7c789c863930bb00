package dev.holdfast.replication.transport;

import java.io.Serial;

/** No answer to a request: whether it took effect says {@link #outcome()}. */
public final class RequestFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final Outcome outcome;

    /** What is known of a request without an answer. */
    public enum Outcome {
        /** It never left, so it had no effect; send it again, here or elsewhere. */
        NOT_SENT,
        /** It arrived, and nobody there took it up: an unknown kind, not allowed, too many at once. No effect. */
        REFUSED,
        /** It was taken up and failed there; whether that had an effect only its own protocol knows. */
        FAILED,
        /** It left, and nothing came back: it may have had its effect. */
        UNKNOWN
    }

    /** The message says what happened, where, and what to do. */
    public RequestFailedException(Outcome outcome, String message) {
        // Made on the transport's threads, in masses when a connection is lost: the place it is made at says nothing.
        super(message, null, false, false);
        this.outcome = outcome;
    }

    public Outcome outcome() {
        return outcome;
    }
}
