package dev.holdfast.node.codec;

import dev.holdfast.config.ErrorCode;

/** What a task returned can not be stored: not serialisable, refused, or over {@code max-payload}. */
public final class ResultNotEncodableException extends Exception {

    private static final long serialVersionUID = 1L;

    public ResultNotEncodableException(String message, Throwable cause) {
        super(ErrorCode.RESULT_NOT_STORABLE.says(message), cause);
    }

    public ResultNotEncodableException(String message) {
        super(ErrorCode.RESULT_NOT_STORABLE.says(message));
    }
}
