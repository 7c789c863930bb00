package dev.holdfast.node.remote;

import java.io.Serial;

/** A node gave no answer to a question that changes nothing: it does not lead the partition, or is not reached. Ask again. */
final class NotAnsweredException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    NotAnsweredException(String message) {
        super(message, null, false, false);
    }
}
