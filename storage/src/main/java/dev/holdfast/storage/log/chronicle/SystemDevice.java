package dev.holdfast.storage.log.chronicle;

import dev.holdfast.storage.directory.DurableFiles;
import dev.holdfast.storage.log.segment.NoSpaceException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.function.Supplier;
import net.openhft.chronicle.core.OS;
import net.openhft.posix.MSyncFlag;
import net.openhft.posix.PosixAPI;

/** The operating system itself. Any thread. */
final class SystemDevice implements Device {

    private static final int READ_WRITE = 2; // O_RDWR
    private static final int NO_SPACE = 28; // ENOSPC, on Linux and macOS
    private static final int QUOTA_EXCEEDED_LINUX = 122; // EDQUOT
    private static final int QUOTA_EXCEEDED_MACOS = 69;
    private static final int PRIVATE = 0600;

    /**
     * The number of an error is that of the thread's last call, and the JVM makes calls of its own: the first time, while it
     * loads the class that asks, it is another one's.
     */
    private static final int ATTEMPTS = 3;

    private final Supplier<PosixAPI> system;

    SystemDevice() {
        this(PosixAPI::posix);
    }

    /** With other calls than the system's, for tests. */
    SystemDevice(Supplier<PosixAPI> system) {
        this.system = system;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        FileChannel channel = DurableFiles.open(file, options);
        makeUninterruptible(channel);
        return channel;
    }

    /**
     * An interrupt of a thread that reads or forces closes an ordinary channel under everybody else's hands; tasks are
     * interrupted all the time. The method is the JDK's own remedy for its own files, exported by the flag that Chronicle
     * needs anyway.
     */
    private static void makeUninterruptible(FileChannel channel) throws IOException {
        try {
            Method method = channel.getClass().getMethod("setUninterruptible");
            method.invoke(channel);
        } catch (ReflectiveOperationException | RuntimeException e) {
            channel.close();
            throw new IOException(
                    "This JDK does not let a channel be made uninterruptible: jdk=" + Runtime.version()
                            + "; start with --add-exports java.base/sun.nio.ch=ALL-UNNAMED",
                    e);
        }
    }

    @Override
    public void allocate(Path file, FileChannel channel, long offset, long length) throws IOException {
        PosixAPI posix = system.get();
        int descriptor = posix.open(file.toString(), READ_WRITE, PRIVATE);
        if (descriptor < 0) {
            throw new IOException("Cannot open for allocation: file=" + file + ", errno=" + posix.lastError());
        }
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (posix.fallocate(descriptor, 0, offset, length) == 0) {
                    return;
                }
                int error = posix.lastError();
                if (error == NO_SPACE || error == QUOTA_EXCEEDED_LINUX || error == QUOTA_EXCEEDED_MACOS) {
                    throw new NoSpaceException(
                            "The disk is full: file=" + file + ", offset=" + offset + ", bytes=" + length, null);
                }
            }
        } finally {
            posix.close(descriptor);
        }
        // a file system without fallocate: zeros take the blocks as well, only slower
        writeZeros(channel, offset, length);
    }

    /** The blocks of {@code length} bytes from {@code offset} on, where nothing is yet. */
    static void writeZeros(FileChannel channel, long offset, long length) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(length, 1 << 16));
        long end = offset + length;
        for (long at = offset; at < end; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), end - at));
            try {
                at += channel.write(zeros, at);
            } catch (IOException e) {
                throw asNoSpace(e);
            }
        }
    }

    /** The JDK tells a full disk by the system's text only. */
    static IOException asNoSpace(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean full = message.contains("No space left") || message.contains("quota exceeded");
        return full ? new NoSpaceException(message, e) : e;
    }

    /** The call is Linux's: its flags have other values elsewhere. */
    @Override
    public void writeOut(FileChannel channel, long address, long length) throws IOException {
        if (!OS.isLinux()) {
            channel.force(false);
        } else if (system.get().msync(address, length, MSyncFlag.MS_SYNC) != 0) {
            throw new IOException("Cannot write pages of a log: bytes=" + length);
        }
    }

    @Override
    public int pageBytes() {
        return OS.pageSize();
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        // A file store of nio reads the table of mounts each time; this asks the one file system.
        long bytes = path.toFile().getUsableSpace();
        if (bytes == 0 && !Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        return bytes;
    }
}
