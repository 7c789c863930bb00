package dev.holdfast.node.admin;

import org.jspecify.annotations.Nullable;

/** A node, or the directory of a stopped one, did not do what it was asked; the message is for the operator. */
public final class AdminFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** How to take it. Append only: the ordinals are spoken on {@code admin.sock}. */
    public enum Reason {
        /** It was tried and failed. */
        FAILED,
        /** The request makes no sense, such as an argument that the task's class does not know. */
        USAGE,
        /** It may not be, or not now; nothing was done. */
        REFUSED,
        /** What was named is not there. */
        NOT_FOUND
    }

    private final Reason reason;

    public AdminFailure(Reason reason, String message) {
        this(reason, message, null);
    }

    public AdminFailure(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
