package dev.holdfast.storage.log.frame;

import dev.holdfast.config.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A record whose bytes are whole (its CRC fits) and that this version does not understand: a later version wrote it. It
 * cannot be skipped, what it changed would be lost.
 */
public final class UnreadableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnreadableRecordException(RecordImage image, String what, @Nullable Throwable cause) {
        super(
                ErrorCode.NEWER_FORMAT.says(
                        "Written by a newer Holdfast: record type=" + image.type() + ", position=" + image.position()
                                + ", offset=" + image.offset() + ", " + what + "; this version reads record format "
                                + Frame.FORMAT + ", use the version that wrote it or a newer one"),
                cause);
    }

    public UnreadableRecordException(String message) {
        super(ErrorCode.NEWER_FORMAT.says(message));
    }
}
