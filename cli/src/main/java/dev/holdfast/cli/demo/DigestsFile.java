package dev.holdfast.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes what {@code sha256sum -c} reads, from within the folder: a digest, two blanks, a path; one line per file. */
final class DigestsFile {

    private DigestsFile() {}

    /** {@code digests}: SHA-256 by path. */
    static void write(Path file, Map<String, String> digests) throws IOException {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
            digests.forEach((path, sha256) -> out.print(line(path, sha256) + "\n"));
            if (out.checkError()) {
                throw new IOException("Cannot write the digests: file=" + file + "; is the disk full?");
            }
        }
    }

    /** As sha256sum writes it: a name with a backslash or a line break is escaped, and a backslash goes before the line. */
    static String line(String path, String sha256) {
        // a lone minus would mean standard input
        String name = path.equals("-") ? "./-" : path;
        if (name.indexOf('\\') < 0 && name.indexOf('\n') < 0 && name.indexOf('\r') < 0) {
            return sha256 + "  " + name;
        }
        return "\\" + sha256 + "  "
                + name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
}
