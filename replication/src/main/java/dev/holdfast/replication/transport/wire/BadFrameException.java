package dev.holdfast.replication.transport.wire;

import java.io.Serial;

/** Bytes that are no frame of ours, or not any more. Nothing of them, or behind them, can be believed: the connection ends. */
public final class BadFrameException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    /** What was found, and what a frame has there. */
    public BadFrameException(String message) {
        super(message);
    }
}
