package dev.holdfast.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Reads one file: its size, lines and SHA-256. What is stored of it is two names. */
public final class FileDigestTask implements Callable<FileDigest>, java.io.Serializable {

    private static final long serialVersionUID = 1L;
    private static final int BUFFER = 64 * 1024;

    private final String folder;
    private final String path;

    /** {@code path} is relative to {@code folder}. */
    public FileDigestTask(String folder, String path) {
        this.folder = folder;
        this.path = path;
    }

    /**
     * In the demo's child the last step is the {@link Gate}: when its places are used up, tasks stay there, running.
     *
     * @throws IOException the file cannot be read
     */
    @Override
    public FileDigest call() throws IOException, InterruptedException {
        try {
            return digest();
        } finally {
            Gate.pass();
        }
    }

    private FileDigest digest() throws IOException {
        MessageDigest sha256 = sha256();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        long lines = 0;
        try (InputStream in = Files.newInputStream(Path.of(folder).resolve(path))) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                size += read;
                Gate.worked(read);
            }
        }
        String hex = HexFormat.of().formatHex(sha256.digest());
        return new FileDigest(
                size, lines, hex, Gate.process(), UUID.randomUUID().toString());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "FileDigestTask[folder=" + folder + ", path=" + path + "]";
    }
}
