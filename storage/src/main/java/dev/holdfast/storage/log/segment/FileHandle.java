package dev.holdfast.storage.log.segment;

import dev.holdfast.storage.log.frame.FrameSource;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment or checkpoint that may be read. It is opened when somebody reads it first, and a file that was deleted stays
 * readable for those who were reading. Any thread.
 */
final class FileHandle {

    /** Opens the file, at most once. */
    interface Opener {
        FrameSource open() throws IOException;
    }

    private final long number;
    private final Path file;
    private final Opener opener;
    private @Nullable FrameSource source;
    private int readers;
    private boolean retired;

    /** @param file for messages */
    FileHandle(long number, Path file, Opener opener) {
        this.number = number;
        this.file = file;
        this.opener = opener;
    }

    /** Of a file that is open already; it is closed with the handle. */
    FileHandle(long number, FrameSource open) {
        this(number, open.file(), () -> open);
        this.source = open;
    }

    long number() {
        return number;
    }

    Path file() {
        return file;
    }

    /** The file to read from, until {@link #release}; null if it was retired. */
    synchronized @Nullable FrameSource acquire() throws IOException {
        if (retired) {
            return null;
        }
        if (source == null) {
            source = opener.open();
        }
        readers++;
        return source;
    }

    synchronized void release() {
        readers--;
        closeIfUnused();
    }

    /** Nobody acquires it any more; it is closed when the last reader has let go. Idempotent. */
    synchronized void retire() {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() {
        if (retired && readers == 0 && source != null) {
            source.close();
            source = null;
        }
    }
}
