package dev.holdfast.replication.control;

/**
 * Names one command, however often it is sent: a repetition is answered with the first outcome and changes nothing.
 *
 * @param value unique over all nodes and their restarts, such as a random UUID; 1 to {@value #MAX_LENGTH} characters
 */
public record CommandId(String value) {

    public static final int MAX_LENGTH = 64;

    public CommandId {
        Limits.requireText("command id", value, MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
