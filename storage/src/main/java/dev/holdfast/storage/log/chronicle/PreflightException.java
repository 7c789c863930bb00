package dev.holdfast.storage.log.chronicle;

/** This JVM cannot run the storage as it was started. Nothing was opened; the message says what to change. */
public final class PreflightException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Codes of {@link dev.holdfast.config.ErrorCode}, as texts: where the agent's jar is all that a class loader can see,
     * that class is missing too, and an error about it would be all that the user is told.
     */
    static final String FLAG_MISSING = "HF-0201";

    static final String PLATFORM_UNSUPPORTED = "HF-0202";
    static final String CHRONICLE_HIDDEN = "HF-0203";
    static final String NATIVE_ACCESS_DENIED = "HF-0204";

    PreflightException(String code, String message) {
        super(message.replaceFirst("(?=\n|$)", " [" + code + "]"));
    }
}
