package dev.holdfast.cli;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A terminal without a screen: a process on it finds a real one. Asked of the C library through JNA, which Chronicle brings,
 * so that no tool has to be there.
 */
final class PseudoTerminal implements AutoCloseable {

    private static final int READ_WRITE = 2;
    private static final int NOT_CONTROLLING = Platform.isMac() ? 0x20000 : 0x100;
    private static final long SET_SIZE = Platform.isMac() ? 0x80087467L : 0x5414;
    private static final int SIZE_BYTES = 8;
    private static final int BUFFER = 4096;
    private static final int SIGINT = 2;
    private static final int SIGACTION_BYTES = 256;
    private static final Pointer IGNORE = new Pointer(1);
    private static final long LIMIT_SECONDS = 60;

    /** posix_openpt(3) and friends. */
    interface LibC extends Library {
        int posix_openpt(int flags);

        int grantpt(int descriptor);

        int unlockpt(int descriptor);

        String ptsname(int descriptor);

        int ioctl(int descriptor, NativeLong request, Object... arguments);

        NativeLong read(int descriptor, byte[] buffer, NativeLong count);

        NativeLong write(int descriptor, byte[] bytes, NativeLong count);

        int close(int descriptor);

        /** The disposition is the first field of the structure. */
        int sigaction(int signal, @Nullable Pointer action, Pointer former);

        @Nullable
        Pointer signal(int signal, @Nullable Pointer handler);
    }

    private static final LibC C = Native.load("c", LibC.class);

    private final int master;
    private final File name;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final Thread reader = new Thread(this::read, "pseudo-terminal");

    PseudoTerminal(int rows, int columns) {
        master = C.posix_openpt(READ_WRITE | NOT_CONTROLLING);
        if (master < 0 || C.grantpt(master) != 0 || C.unlockpt(master) != 0) {
            throw new IllegalStateException("No pseudo terminal here: errno=" + Native.getLastError());
        }
        name = new File(C.ptsname(master));
        Memory size = new Memory(SIZE_BYTES);
        size.clear();
        size.setShort(0, (short) rows);
        size.setShort(2, (short) columns);
        C.ioctl(master, new NativeLong(SET_SIZE), size);
    }

    /**
     * Starts {@code builder}'s process on this terminal, where Ctrl-C means something: a build in the background of a script
     * ignores it, and so would all its processes. One process per terminal.
     */
    Process start(ProcessBuilder builder) throws IOException {
        Memory former = new Memory(SIGACTION_BYTES);
        former.clear();
        boolean ignored = C.sigaction(SIGINT, null, former) == 0 && IGNORE.equals(former.getPointer(0));
        if (ignored) {
            C.signal(SIGINT, null); // the default
        }
        try {
            return startOnIt(builder);
        } finally {
            if (ignored) {
                C.signal(SIGINT, IGNORE);
            }
        }
    }

    private Process startOnIt(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectInput(name)
                .redirectOutput(Redirect.to(name))
                .redirectError(Redirect.to(name))
                .start();
        reader.setDaemon(true);
        reader.start();
        return process;
    }

    private void read() {
        byte[] buffer = new byte[BUFFER];
        int count = C.read(master, buffer, new NativeLong(buffer.length)).intValue();
        while (count > 0) { // it fails when the last process on it has ended
            synchronized (seen) {
                seen.write(buffer, 0, count);
            }
            count = C.read(master, buffer, new NativeLong(buffer.length)).intValue();
        }
    }

    void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        C.write(master, bytes, new NativeLong(bytes.length));
    }

    /** Everything so far. */
    String text() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.UTF_8);
        }
    }

    void await(Predicate<String> condition) {
        Awaitility.await()
                .alias("on the terminal")
                .atMost(java.time.Duration.ofSeconds(60))
                .until(this::text, condition::test);
    }

    /** Everything, once the process has ended. */
    String rest(Process process) throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("It does not end: seconds=" + LIMIT_SECONDS + ", so far:\n" + text());
        }
        reader.join();
        return text();
    }

    @Override
    public void close() {
        C.close(master);
    }
}
