package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** A class is not on the allow-list. Nothing was stored. The message names the class and the setting. */
public class TaskNotAllowedException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    public TaskNotAllowedException(String message) {
        this(message, null);
    }

    public TaskNotAllowedException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CLASS_NOT_ALLOWED, message, cause);
    }
}
