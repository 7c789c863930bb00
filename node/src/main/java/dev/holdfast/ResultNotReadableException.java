package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A stored result can not be decoded here; its bytes stay. */
public class ResultNotReadableException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what happened, with values, and what to do
     */
    public ResultNotReadableException(String message) {
        this(message, null);
    }

    /**
     * With a cause.
     *
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public ResultNotReadableException(String message, @Nullable Throwable cause) {
        super(ErrorCode.RESULT_NOT_READABLE, message, cause);
    }
}
