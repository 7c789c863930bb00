package dev.holdfast.storage.directory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and directories that are private to the user and survive power loss: directories 0700, files 0600, and a new name
 * counts only after its directory was forced. Any thread.
 */
public final class DurableFiles {

    private static final String TEMPORARY_SUFFIX = ".tmp";

    private DurableFiles() {}

    /**
     * Makes {@code directory} and its missing parents, 0700 each, and forces every directory that got a new entry. One
     * that is there already is left as it is.
     */
    public static void createDirectories(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        if (Files.isDirectory(absolute)) {
            return;
        }
        Path parent = absolute.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            Files.createDirectory(absolute, permissions(absolute, "rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(absolute)) {
                throw e;
            }
        }
        if (parent != null) {
            forceDirectory(parent);
        }
    }

    /** Opens {@code file}; where the options create it, it gets 0600, whatever the umask says. */
    public static FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, Set.of(options), permissions(file, "rw-------"));
    }

    /** Makes an empty file, 0600, where there is none. */
    static void createIfMissing(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, permissions(file, "rw-------"));
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(file)) { // else another process was quicker
                throw e;
            }
        }
    }

    /**
     * Opens a file that is there. What is done with it, unlike with a channel, does not fail and does not close it when the
     * thread is interrupted: the thread may be a task's.
     *
     * @throws NoSuchFileException there is none
     */
    static RandomAccessFile openUninterruptible(Path file, boolean readOnly) throws IOException {
        if (!Files.exists(file)) { // "rw" would make one
            throw new NoSuchFileException(file.toString());
        }
        return new RandomAccessFile(file.toFile(), readOnly ? "r" : "rw");
    }

    /**
     * Gives {@code target} a new content, all or nothing: a temporary file beside it is written, forced and renamed, then
     * the directory is forced. One at a time per target. Not interruptible.
     */
    public static void replace(Path target, ByteBuffer content) throws IOException {
        uninterruptibly(() -> replaceOnce(target, content.duplicate()));
    }

    private static void replaceOnce(Path target, ByteBuffer content) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
        Files.deleteIfExists(temporary); // of a process that was killed here
        try (FileChannel channel = open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(parentOf(target));
    }

    /** Forces the entries of {@code directory}: names that were made, renamed or removed in it. Not interruptible. */
    public static void forceDirectory(Path directory) throws IOException {
        uninterruptibly(() -> forceDirectoryOnce(directory));
    }

    private static void forceDirectoryOnce(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Something that may be done again from its beginning. */
    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    /** An interrupt closes a channel in use; that says nothing about the disk, so the action is done again. */
    private static void uninterruptibly(Action action) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    action.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Path parentOf(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException("Not a file in a directory: file=" + file);
        }
        return parent;
    }

    private static FileAttribute<?>[] permissions(Path path, String permissions) {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
