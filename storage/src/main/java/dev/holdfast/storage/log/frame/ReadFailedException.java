package dev.holdfast.storage.log.frame;

import java.io.IOException;
import java.nio.file.Path;

/** A file is there and open, and the disk does not give what is in it. */
public final class ReadFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;

    /** @param offset where reading began, bytes */
    public ReadFailedException(Path file, long offset, IOException cause) {
        super("Cannot read: file=" + file + ", offset=" + offset + ", cause=" + cause, cause);
        this.file = file;
        this.offset = offset;
    }

    public Path file() {
        return file;
    }

    public long offset() {
        return offset;
    }
}
