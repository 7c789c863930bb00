package dev.holdfast.testkit;

import java.io.IOException;
import java.io.Reader;
import java.util.function.Consumer;

/** Splits into lines and leaves out a last one without its end: a killed process may have said half of it. */
final class WholeLines {

    private WholeLines() {}

    static void forEach(Reader in, Consumer<String> lines) throws IOException {
        StringBuilder line = new StringBuilder();
        char[] buffer = new char[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            for (int i = 0; i < n; i++) {
                if (buffer[i] == '\n') {
                    lines.accept(line.toString());
                    line.setLength(0);
                } else {
                    line.append(buffer[i]);
                }
            }
        }
    }
}
