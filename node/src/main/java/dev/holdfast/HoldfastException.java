package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Root of this library's own unchecked exceptions. A message says what happened, with values, what to do, and the {@link
 * ErrorCode code} under which {@code docs/operations.md} says more.
 */
public class HoldfastException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HoldfastException(ErrorCode code, String message) {
        this(code, message, null);
    }

    /** {@code code} becomes part of the message, unless that has one already. */
    public HoldfastException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code.says(message), cause);
    }

    /** What its message carries. */
    public final ErrorCode code() {
        return ErrorCode.in(getMessage()).orElse(ErrorCode.INTERNAL_DEFECT);
    }
}
