package dev.holdfast.testkit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a child says to its parent: one write for a line, so that it is said whole before anything that follows. */
final class Said {

    private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private Said() {}

    static synchronized void say(String format, Object... values) {
        try {
            OUT.write((String.format(format, values) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
