package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    /** Channels whose closing would drop another's lock: they stay open, and reachable, until the process ends. */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final String property;
    private final @Nullable FileChannel channel;
    private final boolean exclusive;
    private boolean released;

    private DirectoryLock(String property, @Nullable FileChannel channel, boolean exclusive) {
        this.property = property;
        this.channel = channel;
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
            FileChannel channel = lock(directory, openFile(real, exclusive), exclusive);
            if (exclusive && channel != null) {
                writeHolder(channel, holder);
            }
            return new DirectoryLock(property, channel, exclusive);
        } catch (IOException | RuntimeException e) {
            System.getProperties().remove(property);
            throw e;
        }
    }

    private static @Nullable FileChannel openFile(Path real, boolean exclusive) throws IOException {
        Path file = DirectoryLayout.lock(real);
        if (exclusive) {
            return DurableFiles.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return Files.exists(file) ? DurableFiles.open(file, StandardOpenOption.READ) : null;
    }

    private static @Nullable FileChannel lock(Path directory, @Nullable FileChannel channel, boolean exclusive)
            throws IOException {
        if (channel == null) {
            return null;
        }
        try {
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, !exclusive);
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) { // this process has it, under another name of the directory
            NEVER_CLOSED.add(channel);
            throw new DirectoryInUseException(directory, readHolder(channel));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        String holder = readHolder(channel);
        channel.close();
        throw new DirectoryInUseException(directory, holder);
    }

    private static void writeHolder(FileChannel channel, String holder) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    private static String readHolder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_MAX_BYTES);
        channel.read(text, 0);
        String holder = StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
        return holder.isEmpty() ? UNKNOWN_HOLDER : holder;
    }

    /** Lets the directory go. Idempotent. */
    @Override
    public synchronized void close() throws IOException {
        if (released) {
            return;
        }
        released = true;
        try (FileChannel locked = channel) {
            if (exclusive && locked != null) {
                locked.truncate(0); // while still locked: nobody's name but the holder's is ever in it
            }
        } finally {
            System.getProperties().remove(property);
        }
    }
}
