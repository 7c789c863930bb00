package dev.holdfast.cli.console;

import java.nio.file.Path;

/** Command lines to paste. */
public final class Quoting {

    private Quoting() {}

    /** {@code word} as a POSIX shell takes it. */
    public static String shell(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** How this program was called, as a shell takes it. */
    public static String command() {
        return shell(System.getProperty("holdfast.command", "holdfast"));
    }

    /** {@code path} as short as it can be said from the working directory, as a shell takes it. */
    public static String path(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        String text = absolute.startsWith(here) && !absolute.equals(here)
                ? here.relativize(absolute).toString()
                : absolute.toString();
        return shell(text.startsWith("-") ? "./" + text : text);
    }
}
