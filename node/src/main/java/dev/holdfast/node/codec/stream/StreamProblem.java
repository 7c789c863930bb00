package dev.holdfast.node.codec.stream;

/** The bytes do not follow the protocol, or go beyond what is looked at. The message names the offset. */
final class StreamProblem extends Exception {

    private static final long serialVersionUID = 1L;

    StreamProblem(String message) {
        super(message);
    }
}
