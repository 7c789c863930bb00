package dev.holdfast.cli.console;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Rows and columns as texts, empty where they are not known: only {@code stty}, which POSIX has, can be asked by a program
 * without native code.
 */
record TerminalSize(String rows, String columns) {

    static final TerminalSize UNKNOWN = new TerminalSize("", "");
    private static final int LIMIT_SECONDS = 2;

    /** Of the terminal that this process writes to; it need not be the one that it was started on. */
    static TerminalSize ask() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.from(new File("/dev/stdout")))
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (var answer = stty.inputReader(StandardCharsets.US_ASCII)) {
                String line = answer.readLine();
                return stty.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && line != null ? parse(line) : UNKNOWN;
            } finally {
                stty.destroyForcibly();
            }
        } catch (IOException noSuchCommandOrTerminal) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    private static TerminalSize parse(String line) {
        String[] numbers = line.strip().split(" ", -1);
        return numbers.length == 2 ? new TerminalSize(numbers[0], numbers[1]) : UNKNOWN;
    }
}
