package dev.holdfast.node.codec;

/** A stored task can not be turned back into an object that may run: a class is missing, changed, refused or broken. */
public final class UndecodableTaskException extends Exception {

    private static final long serialVersionUID = 1L;

    public UndecodableTaskException(String message, Throwable cause) {
        super(message, cause);
    }

    public UndecodableTaskException(String message) {
        super(message);
    }
}
