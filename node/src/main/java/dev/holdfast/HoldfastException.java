package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Root of this library's own unchecked exceptions. A message says what happened, with values, what to do, and the {@link
 * ErrorCode code} under which {@code docs/operations.md} says more.
 */
public class HoldfastException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param code becomes part of the message, unless that has one already
     * @param message what happened, with values, and what to do
     */
    public HoldfastException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /**
     * With a cause.
     *
     * @param code becomes part of the message, unless that has one already
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public HoldfastException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code.says(message), cause);
    }

    /**
     * What its message carries.
     *
     * @return never changes its meaning from one version to the next
     */
    public final ErrorCode code() {
        return ErrorCode.in(getMessage()).orElse(ErrorCode.INTERNAL_DEFECT);
    }
}
