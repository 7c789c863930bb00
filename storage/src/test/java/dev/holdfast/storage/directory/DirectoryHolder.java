package dev.holdfast.storage.directory;

import java.io.IOException;
import java.nio.file.Path;

/** A process that opens a data directory, says so, and holds it until its input ends or it is killed. */
final class DirectoryHolder {

    private DirectoryHolder() {}

    public static void main(String[] arguments) throws IOException {
        DataDirectory.Options options = new DataDirectory.Options("holder", 2, false, BootId.ofSystem());
        try (DataDirectory directory = DataDirectory.open(Path.of(arguments[0]), options)) {
            System.out.println("session=" + directory.session());
            while (System.in.read() >= 0) {
                // until the parent closes it
            }
            directory.markClean();
        }
    }

    static Process start(Path directory) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DirectoryHolder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
