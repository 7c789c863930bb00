package dev.holdfast.storage.log.chronicle;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import net.openhft.posix.PosixAPI;

/** Tells whether a file system and this JVM can do what {@link SpaceAhead} relies on; for a diagnosis. Any thread. */
public final class ReservedSpace {

    private static final int READ_WRITE = 2; // O_RDWR
    private static final int PRIVATE = 0600;
    private static final long TRIED_BYTES = 64 * 1024;

    private ReservedSpace() {}

    /** Empty if this JVM lets Holdfast call the operating system, else why not. */
    public static Optional<String> canCallTheSystem() {
        try {
            String api = PosixAPI.posix().getClass().getSimpleName();
            return api.startsWith("NoOp")
                    ? Optional.of("no library for native calls could be loaded")
                    : Optional.empty();
        } catch (LinkageError | RuntimeException | AssertionError e) {
            return Optional.of(e.toString());
        }
    }

    /**
     * Whether the file system reserves blocks at once; else zeros have to be written.
     *
     * @param file an empty file to try it with; empty afterwards
     * @return empty where native calls are denied
     */
    public static Optional<Boolean> isSupported(Path file) throws IOException {
        if (canCallTheSystem().isPresent()) {
            return Optional.empty();
        }
        PosixAPI posix = PosixAPI.posix();
        int descriptor = posix.open(file.toString(), READ_WRITE, PRIVATE);
        if (descriptor < 0) {
            throw new IOException("Cannot open: file=" + file + ", errno=" + posix.lastError());
        }
        try {
            return Optional.of(posix.fallocate(descriptor, 0, 0, TRIED_BYTES) == 0);
        } finally {
            posix.close(descriptor);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        }
    }
}
