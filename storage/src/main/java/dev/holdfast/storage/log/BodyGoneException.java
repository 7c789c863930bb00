package dev.holdfast.storage.log;

import org.jspecify.annotations.Nullable;

/** The body's record is not in the log any more. */
public final class BodyGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BodyGoneException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public BodyGoneException(String message) {
        this(message, null);
    }
}
