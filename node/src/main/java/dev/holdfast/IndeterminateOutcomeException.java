package dev.holdfast;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The call may have taken effect: nobody can know. Submit again with the same idempotency key to find out; the other calls may
 * be repeated as they are.
 *
 * <p>A node alone throws it where the disk does not answer in time, or fails meanwhile. In a cluster also where a majority, or a
 * copy in sync, was lost while the call was under way and nothing was decided within {@code submit-timeout} (30 s). A failover
 * alone seldom is a reason: the call is sent to the next primary under the number that it had, or what became of it is read from
 * the log.
 */
public class IndeterminateOutcomeException extends HoldfastException {

    private static final long serialVersionUID = 1L;

    /**
     * Without a cause.
     *
     * @param message what happened, with values, and what to do
     */
    public IndeterminateOutcomeException(String message) {
        this(message, null);
    }

    /**
     * With a cause.
     *
     * @param message what happened, with values, and what to do
     * @param cause what it was found by; null if by nothing
     */
    public IndeterminateOutcomeException(String message, @Nullable Throwable cause) {
        super(ErrorCode.CALL_INDETERMINATE, message, cause);
    }
}
