package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A class is not on the allow-list. Nothing was stored. The message names the class and the setting. */
public class TaskNotAllowedException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what happened, with values, and what to do
     */
    public TaskNotAllowedException(String message) {
        this(message, null);
    }

    /**
     * With a cause.
     *
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public TaskNotAllowedException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CLASS_NOT_ALLOWED, message, cause);
    }
}
