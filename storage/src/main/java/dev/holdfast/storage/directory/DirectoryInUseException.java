package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import java.nio.file.Path;

/** Another node, in this process or another one, has the data directory open. Nothing was changed. */
public final class DirectoryInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String holder;

    public DirectoryInUseException(Path directory, String holder) {
        super(
                ErrorCode.DIRECTORY_IN_USE.says(
                        "The data directory is in use: directory=" + directory + ", holder=(" + holder
                                + "); stop that node or configure another directory (the lock goes with its process, do not delete it)"));
        this.holder = holder;
    }

    /** Node name, pid, host and start time, as that node wrote them. */
    public String holder() {
        return holder;
    }
}
