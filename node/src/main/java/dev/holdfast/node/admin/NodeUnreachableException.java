package dev.holdfast.node.admin;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The node that was asked does not answer any more. What it was asked to do may have happened. */
public final class NodeUnreachableException extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    NodeUnreachableException(String message, IOException cause) {
        super(message, cause);
    }
}
