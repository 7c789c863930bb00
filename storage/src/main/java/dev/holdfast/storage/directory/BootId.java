package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The identity of the page cache behind a directory: as long as it stays the same, everything that a dead process wrote
 * is still there, forced or not. Any thread.
 */
@FunctionalInterface
public interface BootId {

    /** Limit of an id's length in UTF-8 bytes. */
    int MAX_BYTES = 256;

    /**
     * The identity for {@code directory} now; 1 to {@value #MAX_BYTES} bytes in UTF-8. It may differ although the page
     * cache is the same (a container that mounts its volume anew): data is then only judged more carefully. It must not
     * be the same when the page cache may be another.
     *
     * @param directory an existing directory
     * @throws IOException the system does not say; the node must not start
     */
    String of(Path directory) throws IOException;

    /**
     * The one of this system. Linux: the kernel's boot id, and device and mount id of the directory's mount. macOS: the
     * kernel's boot session and the directory's volume. Anywhere else, and where these are not to be had: a random one per
     * process, so that every start after a crash counts as one after a power loss.
     */
    static BootId ofSystem() {
        return SystemBootId.ofThisSystem();
    }
}
