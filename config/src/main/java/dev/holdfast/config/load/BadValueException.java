package dev.holdfast.config.load;

import java.io.Serial;

/** A text that is not of its setting's type; its message says what is wrong, the reader says where. */
public final class BadValueException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    BadValueException(String what) {
        super(what);
    }
}
