package dev.holdfast.replication.runtime;

/** Bytes that are no message of the protocol as this version knows it. Nothing was done; the sender says it again. */
final class MessageFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MessageFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
