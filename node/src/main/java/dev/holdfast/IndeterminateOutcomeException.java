package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The call may have taken effect: nobody can know. Submit again with the same idempotency key to find out. */
public class IndeterminateOutcomeException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what happened, with values, and what to do
     */
    public IndeterminateOutcomeException(String message) {
        this(message, null);
    }

    /**
     * With a cause.
     *
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public IndeterminateOutcomeException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CALL_INDETERMINATE, message, cause);
    }
}
