package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A stored result can not be decoded here; its bytes stay. */
public class ResultNotReadableException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    public ResultNotReadableException(String message) {
        this(message, null);
    }

    public ResultNotReadableException(String message, @Nullable Throwable cause) {
        super(ErrorCode.RESULT_NOT_READABLE, message, cause);
    }
}
