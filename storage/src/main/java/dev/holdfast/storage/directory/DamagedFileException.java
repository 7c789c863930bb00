package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import java.nio.file.Path;

/** One of the node's small files holds something else than what was written. Nothing was changed. */
public final class DamagedFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;
    private final String expected;
    private final String found;

    /** {@code offset} is a byte offset in {@code file}, or -1 where only the file is known. */
    public DamagedFileException(Path file, long offset, String expected, String found) {
        super(ErrorCode.NODE_FILE_DAMAGED.says(
                "Damaged file: file=" + file + ", offset=" + offset + ", expected=" + expected + ", found=" + found
                        + "; nothing was changed, restore it from a backup or see `holdfast storage verify`"));
        this.file = file;
        this.offset = offset;
        this.expected = expected;
        this.found = found;
    }

    public Path file() {
        return file;
    }

    public long offset() {
        return offset;
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }
}
