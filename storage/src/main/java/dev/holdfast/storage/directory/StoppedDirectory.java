package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The data directory of a node that does not run: nodes are kept out while it is open, and nothing is changed but by who opened
 * it for that. Any thread.
 */
public final class StoppedDirectory implements AutoCloseable {

    private final Path path;
    private final DirectoryLock lock;

    private StoppedDirectory(Path path, DirectoryLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * @param reader what this process is doing, for a node that is started meanwhile, for example {@code storage verify}
     * @throws DirectoryInUseException a node has it open
     * @throws DirectoryRefusedException it is no data directory
     */
    public static StoppedDirectory open(Path directory, String reader) throws IOException {
        Path path = known(directory);
        return new StoppedDirectory(path, DirectoryLock.shared(path, Holder.describe(reader)));
    }

    /** As {@link #open}, to be changed: readers are kept out too. */
    public static StoppedDirectory openToChange(Path directory, String writer) throws IOException {
        Path path = known(directory);
        return new StoppedDirectory(path, DirectoryLock.exclusive(path, Holder.describe(writer)));
    }

    private static Path known(Path directory) throws IOException {
        Path path = directory.toAbsolutePath().normalize();
        boolean known = Files.isDirectory(path)
                && (Files.exists(DirectoryLayout.nodeProperties(path))
                        || Files.exists(DirectoryLayout.nodeLimits(path))
                        || !DirectoryLayout.partitions(path).isEmpty());
        if (!known) {
            throw new DirectoryRefusedException(
                    ErrorCode.NOT_A_DATA_DIRECTORY,
                    "Not a Holdfast data directory: directory=" + path + "; name the one that the node was given");
        }
        return path;
    }

    /** Absolute. */
    public Path path() {
        return path;
    }

    /** Its identity; throws as {@link NodeProperties#read} does. */
    public NodeProperties properties() throws IOException {
        return NodeProperties.read(DirectoryLayout.nodeProperties(path));
    }

    /** Lets nodes in again. Idempotent. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
