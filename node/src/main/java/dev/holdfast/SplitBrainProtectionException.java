package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Nothing was stored, read or changed: the cluster is smaller than the executor's split-brain protection demands. */
public class SplitBrainProtectionException extends java.util.concurrent.RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what happened, with values, and what to do
     */
    public SplitBrainProtectionException(String message) {
        this(message, null);
    }

    /**
     * With a cause.
     *
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public SplitBrainProtectionException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CLUSTER_TOO_SMALL.says(message), cause);
    }

    /**
     * What its message carries.
     *
     * @return always {@link ErrorCode#CLUSTER_TOO_SMALL}
     */
    public ErrorCode code() {
        return ErrorCode.CLUSTER_TOO_SMALL;
    }
}
