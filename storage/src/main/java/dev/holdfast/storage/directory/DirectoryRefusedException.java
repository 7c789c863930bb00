package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;

/** The data directory does not fit this node's configuration, or is no place to keep data. Nothing was changed. */
public final class DirectoryRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DirectoryRefusedException(ErrorCode code, String message) {
        super(code.says(message));
    }
}
