package dev.holdfast.storage.directory;

import dev.holdfast.config.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The data directory of a node that does not run, for reading: nodes are kept out while it is open, and nothing is
 * changed. Any thread.
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
        return new StoppedDirectory(path, DirectoryLock.shared(path, Holder.describe(reader)));
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
