package dev.holdfast.storage.log.segment;

import dev.holdfast.config.ErrorCode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The medium is full. What was to be written or made is not there. */
public final class NoSpaceException extends IOException {

    private static final long serialVersionUID = 1L;

    public NoSpaceException(String message, @Nullable Throwable cause) {
        super(ErrorCode.DISK_FULL.says(message), cause);
    }
}
