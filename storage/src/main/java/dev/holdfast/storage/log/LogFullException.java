package dev.holdfast.storage.log;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** There is no room on the disk; nothing was written. */
public final class LogFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LogFullException(String message, @Nullable Throwable cause) {
        super(ErrorCode.DISK_FULL.says(message), cause);
    }

    public LogFullException(String message) {
        this(message, null);
    }
}
