package dev.holdfast.cli.console;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Ends a command with a message for the user (what, where, what to do) and an exit code; no stack trace is shown. Where the
 * cause has an error code, the message has it too.
 */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandFailure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    public CommandFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(ErrorCode.of(cause).map(code -> code.says(message)).orElse(message), cause);
        this.exitCode = exitCode;
    }

    /** One of {@link ExitCodes}. */
    public int exitCode() {
        return exitCode;
    }
}
