package dev.holdfast.replication.transport.wire;

import java.util.Optional;

/** What a frame is. Codes never change. */
public enum FrameType {
    /** First frame of who connects. */
    HELLO(1),
    /** The answer that admits. */
    WELCOME(2),
    /** The answer that does not, and the last frame. */
    REFUSAL(3),
    /** One way. */
    MESSAGE(4),
    /** Wants an {@link #ANSWER} or a {@link #FAILURE} of the same correlation. */
    REQUEST(5),
    /** To a request. */
    ANSWER(6),
    /** To a request, in words. */
    FAILURE(7),
    /** From who connected, after a silence. */
    PING(8),
    /** To a ping. */
    PONG(9),
    /** Nobody waits any more for the answer to the request of the same correlation. */
    CANCEL(10);

    private static final FrameType[] ALL = values();

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /** On the wire. */
    public int code() {
        return code;
    }

    /** Whether this version knows the code. */
    public static boolean isKnown(int code) {
        return code >= 1 && code <= ALL.length;
    }

    /** Empty for what this version does not know. */
    public static Optional<FrameType> ofCode(int code) {
        return isKnown(code) ? Optional.of(ALL[code - 1]) : Optional.empty();
    }
}
