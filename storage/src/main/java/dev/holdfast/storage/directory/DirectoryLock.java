package dev.holdfast.storage.directory;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The lock on a data directory: the kernel's, so it ends with the process whatever it dies of, and no pid is compared (in a
 * container every start has the same one). The file's text names the holder, for the message to whoever comes second.
 *
 * <p>POSIX drops a process's locks on a file when that process closes <em>any</em> descriptor of it. So a second opener in
 * the same process must be told before it opens the file: by a system property, which all class loaders share.
 */
final class DirectoryLock implements AutoCloseable {

    private static final String PROPERTY = "dev.holdfast.directory.";
    private static final String UNKNOWN_HOLDER = "not told: a `storage` command, or a node that is just starting";
    private static final int HOLDER_MAX_BYTES = 1024;

    /** Files whose closing would drop another's lock: they stay open, and reachable, until the process ends. */
    private static final Queue<RandomAccessFile> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final String property;
    private final @Nullable RandomAccessFile file;
    private final boolean exclusive;
    private boolean released;

    private DirectoryLock(String property, @Nullable RandomAccessFile file, boolean exclusive) {
        this.property = property;
        this.file = file;
        this.exclusive = exclusive;
    }

    /**
     * Locks {@code directory} for a node.
     *
     * @throws DirectoryInUseException somebody else has it; returned from at once
     */
    static DirectoryLock exclusive(Path directory, String holder) throws IOException {
        return acquire(directory, holder, true);
    }

    /**
     * Keeps nodes out while the directory is read, without writing to it. One without a lock file (a copy) is not locked.
     *
     * @throws DirectoryInUseException a node has it
     */
    static DirectoryLock shared(Path directory, String reader) throws IOException {
        return acquire(directory, reader, false);
    }

    private static DirectoryLock acquire(Path directory, String holder, boolean exclusive) throws IOException {
        Path real = directory.toRealPath();
        // the inode too: a directory that was deleted and made again is another one
        Object inode = Files.readAttributes(real, BasicFileAttributes.class).fileKey();
        String property = PROPERTY + real + inode;
        Object other = System.getProperties().putIfAbsent(property, holder);
        if (other != null) {
            throw new DirectoryInUseException(directory, other.toString());
        }
        try {
            RandomAccessFile file = openFile(real, exclusive);
            if (file != null) {
                lock(directory, file, exclusive, holder);
            }
            return new DirectoryLock(property, file, exclusive);
        } catch (IOException | RuntimeException e) {
            System.getProperties().remove(property);
            throw e;
        }
    }

    private static @Nullable RandomAccessFile openFile(Path real, boolean exclusive) throws IOException {
        Path file = DirectoryLayout.lock(real);
        if (exclusive) {
            // made and closed only where there is none: closing it would drop a lock that this process has on it
            DurableFiles.createIfMissing(file);
            return DurableFiles.openUninterruptible(file, false);
        }
        return Files.exists(file) ? DurableFiles.openUninterruptible(file, true) : null;
    }

    private static void lock(Path directory, RandomAccessFile file, boolean exclusive, String holder)
            throws IOException {
        boolean close = true;
        try {
            if (file.getChannel().tryLock(0, Long.MAX_VALUE, !exclusive) == null) {
                throw new DirectoryInUseException(directory, readHolder(file));
            }
            if (exclusive) {
                file.setLength(0);
                file.write((holder + "\n").getBytes(StandardCharsets.UTF_8));
            }
            close = false;
        } catch (OverlappingFileLockException e) { // this process has it, under another name of the directory
            close = false;
            NEVER_CLOSED.add(file);
            throw new DirectoryInUseException(directory, readHolder(file));
        } finally {
            if (close) {
                file.close();
            }
        }
    }

    private static String readHolder(RandomAccessFile file) throws IOException {
        byte[] text = new byte[HOLDER_MAX_BYTES];
        file.seek(0);
        int length = Math.max(0, file.read(text));
        String holder = new String(text, 0, length, StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? UNKNOWN_HOLDER : holder;
    }

    /** Lets the directory go. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (released) {
            return;
        }
        released = true;
        try (RandomAccessFile locked = file) {
            if (exclusive && locked != null) {
                locked.setLength(0); // while still locked: nobody's name but the holder's is ever in it
            }
        } finally {
            System.getProperties().remove(property);
        }
    }
}
