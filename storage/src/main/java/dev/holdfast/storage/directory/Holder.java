package dev.holdfast.storage.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Describes this process to whoever finds its lock. */
final class Holder {

    private static final Path LINUX_HOSTNAME = Path.of("/proc/sys/kernel/hostname");

    private Holder() {}

    static String describe(String name) {
        return "node=" + name + ", pid=" + ProcessHandle.current().pid() + ", host=" + host() + ", since="
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    /** Of the kernel where it says: a look-up by name may take seconds. */
    private static String host() {
        try {
            return Files.isReadable(LINUX_HOSTNAME)
                    ? Files.readString(LINUX_HOSTNAME).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
