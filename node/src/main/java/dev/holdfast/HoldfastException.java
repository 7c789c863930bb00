package dev.holdfast;

import org.jspecify.annotations.Nullable;

/** Root of this library's own unchecked exceptions. A message says what happened, with values, and what to do. */
public class HoldfastException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public HoldfastException(String message) {
        this(message, null);
    }

    public HoldfastException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
