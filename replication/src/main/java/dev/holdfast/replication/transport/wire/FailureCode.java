package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.transport.RequestFailedException.Outcome;

/** Why a request was not answered, as it is told on the wire. Codes never change. */
public enum FailureCode {
    /** Nobody takes the kind, or somebody does as a message. */
    UNKNOWN_KIND(1, Outcome.REFUSED),
    /** The kind is not for the connection's role. */
    NOT_ALLOWED(2, Outcome.REFUSED),
    /** The connection has as many unanswered requests as it may. */
    TOO_MANY(3, Outcome.REFUSED),
    /** The handler failed. */
    FAILED(4, Outcome.FAILED),
    /** The answer is larger than may be sent. */
    ANSWER_TOO_LARGE(5, Outcome.FAILED),
    /** What this version does not know. */
    OTHER(0, Outcome.FAILED);

    private final int code;
    private final Outcome outcome;

    FailureCode(int code, Outcome outcome) {
        this.code = code;
        this.outcome = outcome;
    }

    /** On the wire. */
    public int code() {
        return code;
    }

    /** What it means to who asked. */
    public Outcome outcome() {
        return outcome;
    }

    /** {@link #OTHER} for what this version does not know. */
    public static FailureCode ofCode(int code) {
        for (FailureCode known : values()) {
            if (known.code == code) {
                return known;
            }
        }
        return OTHER;
    }
}
