package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Not stored: the cluster is smaller than the executor's split-brain protection demands. */
public class SplitBrainProtectionException extends java.util.concurrent.RejectedExecutionException {

    private static final long serialVersionUID = 1L;

    public SplitBrainProtectionException(String message) {
        this(message, null);
    }

    public SplitBrainProtectionException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CLUSTER_TOO_SMALL.says(message), cause);
    }

    /** What its message carries. */
    public ErrorCode code() {
        return ErrorCode.CLUSTER_TOO_SMALL;
    }
}
