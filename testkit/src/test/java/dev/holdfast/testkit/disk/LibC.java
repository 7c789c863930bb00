package dev.holdfast.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** Calls of the system that Java has no words for. Any thread. */
final class LibC {

    static final int READ_WRITE = 2; // O_RDWR
    static final int INTERRUPTED = 4; // EINTR
    static final int NO_ENTRY = 2; // ENOENT
    static final int NO_DEVICE = 19; // ENODEV

    private static final int SHUT_DOWN = 0x8004587d; // FS_IOC_SHUTDOWN
    private static final int NO_LOG_FLUSH = 2; // what is in the journal and not on the medium is gone, too

    /** As the manual pages say. Public because the binding's generated class needs to see it. */
    public interface Functions {
        int open(CharSequence path, int flags);

        int close(int descriptor);

        int ioctl(int descriptor, long request, @In int[] argument);

        int mount(CharSequence source, CharSequence target, CharSequence type, long flags, CharSequence data);

        @ssize_t
        long read(int descriptor, @Out ByteBuffer target, @size_t long bytes);

        @ssize_t
        long write(int descriptor, @In ByteBuffer source, @size_t long bytes);
    }

    private static final Functions FUNCTIONS =
            LibraryLoader.create(Functions.class).load("c");

    private LibC() {}

    static Functions functions() {
        return FUNCTIONS;
    }

    static int lastError() {
        return Runtime.getRuntime(FUNCTIONS).getLastError();
    }

    /** From now on the file system at {@code path} writes nothing, not even its journal: the power is gone. */
    static void shutDown(String path) throws IOException {
        int descriptor = FUNCTIONS.open(path, 0);
        if (descriptor < 0) {
            throw new IOException("Cannot open: path=" + path + ", errno=" + lastError());
        }
        try {
            if (FUNCTIONS.ioctl(descriptor, SHUT_DOWN & 0xffffffffL, new int[] {NO_LOG_FLUSH}) != 0) {
                throw new IOException("Cannot shut the file system down: path=" + path + ", errno=" + lastError());
            }
        } finally {
            FUNCTIONS.close(descriptor);
        }
    }
}
