package dev.holdfast.node.admin;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes {@code admin.sock}. A bind gives the file the umask's permissions, and the data directory may be open to others. So
 * it is bound in a folder of 0700, gets its 0600 there, and is renamed into its place: at no moment may anybody else connect.
 */
final class SocketFile {

    static final String NAME = "admin.sock";

    /** Shorter together than {@link #NAME}: what fits there fits here. */
    private static final String FOLDER = ".adm";

    private static final String UNFINISHED = "s";

    /** Of {@code sockaddr_un}, with the zero at the end: 108 on Linux, 104 elsewhere. */
    static final int MAX_PATH = 103;

    private SocketFile() {}

    static boolean fits(Path file) {
        return length(file) <= MAX_PATH;
    }

    static int length(Path file) {
        return file.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Binds {@code file}; whatever has this name is replaced. */
    static ServerSocketChannel bind(Path file, int backlog) throws IOException {
        Path folder = file.resolveSibling(FOLDER);
        Path unfinished = folder.resolve(UNFINISHED);
        removeRest(folder, unfinished); // of a process that was killed here
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(unfinished), backlog);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        } finally {
            removeRest(folder, unfinished);
        }
    }

    private static void removeRest(Path folder, Path unfinished) throws IOException {
        Files.deleteIfExists(unfinished);
        Files.deleteIfExists(folder);
    }
}
