package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The task can not be stored. Nothing was. The message names the path of the field and the remedy. */
public class TaskNotSerializableException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what happened, with values, and what to do
     */
    public TaskNotSerializableException(String message) {
        this(message, null);
    }

    /**
     * With a cause.
     *
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public TaskNotSerializableException(String message, @Nullable Throwable cause) {
        super(ErrorCode.TASK_NOT_SERIALIZABLE, message, cause);
    }
}
