package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import java.nio.file.Path;

/** The file was written by a newer Holdfast than this one. Nothing was changed. */
public final class NewerFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NewerFormatException(Path file, int found, int supported) {
        super(ErrorCode.NEWER_FORMAT.says("Written by a newer Holdfast: file=" + file + ", format=" + found
                + ", this version reads up to format=" + supported + "; use a Holdfast that reads format " + found));
    }
}
