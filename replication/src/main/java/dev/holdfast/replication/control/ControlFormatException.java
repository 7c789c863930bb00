package dev.holdfast.replication.control;

/**
 * Bytes that are no command, outcome or snapshot of this version: damaged, over a limit, or written by a newer Holdfast. The
 * message says which, and where. Nothing was taken from them.
 */
public final class ControlFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ControlFormatException(String message) {
        super(message);
    }

    ControlFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
