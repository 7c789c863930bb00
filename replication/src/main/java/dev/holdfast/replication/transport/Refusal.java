package dev.holdfast.replication.transport;

import java.util.Optional;

/**
 * Why a connection is not wanted.
 *
 * @param message what, where, what is allowed, what to do
 */
public record Refusal(Code code, String message) {

    /** The reasons; their codes never change. */
    public enum Code {
        /** The two are in different clusters. */
        WRONG_CLUSTER(1),
        /** They have no version of the protocol in common. */
        WRONG_VERSION(2),
        /** A newer process runs on the same disk. */
        STALE_SESSION(3),
        /** The role is not known here. */
        UNKNOWN_ROLE(4),
        /** The role, node or certificate is not allowed here. */
        NOT_AUTHORISED(5),
        /** Another node answers there than was expected. */
        WRONG_NODE(6),
        /** What was said is no handshake. */
        MALFORMED(7),
        /** It is not a loopback address, there is no TLS, and nobody allowed that. */
        INSECURE(8),
        /** The TLS handshake failed: certificate, trust or host name. */
        TLS_FAILED(9),
        /** A code that this version does not know. */
        OTHER(0);

        private final int code;

        Code(int code) {
            this.code = code;
        }

        /** On the wire. */
        public int code() {
            return code;
        }

        /** {@link #OTHER} for what this version does not know. */
        public static Code ofCode(int code) {
            for (Code known : values()) {
                if (known.code == code) {
                    return known;
                }
            }
            return OTHER;
        }
    }

    /** As an answer to {@code whether it is refused}. */
    public static Optional<Refusal> because(Code code, String message) {
        return Optional.of(new Refusal(code, message));
    }
}
