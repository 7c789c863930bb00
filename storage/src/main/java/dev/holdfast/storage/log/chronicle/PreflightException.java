package dev.holdfast.storage.log.chronicle;

/** This JVM cannot run the storage as it was started. Nothing was opened; the message says what to change. */
public final class PreflightException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PreflightException(String message) {
        super(message);
    }
}
