package dev.holdfast.storage.log;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** The log cannot be written or forced any more; the node has to stop. */
public final class LogFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogFailedException(String message, @Nullable Throwable cause) {
        super(ErrorCode.DISK_FAILED.says(message), cause);
    }

    public LogFailedException(String message) {
        this(message, null);
    }
}
