package dev.holdfast.replication.control;

/**
 * Checks of values at the gateway: the same whether a value is made here or comes from the wire or a snapshot.
 *
 * <p>Texts are counted in characters; the codecs bound their bytes by {@value #MAX_BYTES_PER_CHAR} times as many.
 */
final class Limits {

    static final int MAX_BYTES_PER_CHAR = 3;
    static final int MAX_DISK_ID_LENGTH = 128;
    static final int MAX_MEMBERS = 256;
    static final int MAX_DEPARTED = 1_024;
    static final int MAX_EXECUTORS = 4_096;
    static final int MAX_REPLICAS = 16;

    private Limits() {}

    static void requireText(String what, String value, int maxLength) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("No " + what + ": it is blank");
        }
        requireLength(what, value, maxLength);
    }

    static void requireLength(String what, String value, int maxLength) {
        if (value.length() > maxLength) {
            throw new IllegalArgumentException(
                    "Too long a " + what + ": characters=" + value.length() + ", allowed are " + maxLength);
        }
    }

    static void requireRange(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "Not a " + what + ": value=" + value + ", allowed are " + min + " to " + max);
        }
    }
}
