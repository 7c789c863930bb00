package dev.holdfast.storage.directory;

/** The data directory does not fit this node's configuration, or is no place to keep data. Nothing was changed. */
public final class DirectoryRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DirectoryRefusedException(String message) {
        super(message);
    }
}
