package dev.holdfast.node.remote;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What arrived is not what was to arrive; nothing was done with it. */
final class MalformedMessageException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        this(message, null);
    }

    MalformedMessageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
