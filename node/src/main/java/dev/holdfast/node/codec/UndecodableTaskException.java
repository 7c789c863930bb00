package dev.holdfast.node.codec;

import dev.holdfast.config.ErrorCode;

/** A stored task can not be turned back into an object that may run: a class is missing, changed, refused or broken. */
public final class UndecodableTaskException extends Exception {

    private static final long serialVersionUID = 1L;

    public UndecodableTaskException(ErrorCode code, String message, Throwable cause) {
        super(code.says(message), cause);
    }

    public UndecodableTaskException(ErrorCode code, String message) {
        super(code.says(message));
    }
}
