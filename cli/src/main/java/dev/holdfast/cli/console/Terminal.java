package dev.holdfast.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is known of the standard output.
 *
 * @param interactive whether it is a terminal; otherwise it is a pipe or a file
 * @param colour whether to use colours: on a terminal, unless {@code NO_COLOR} is set or {@code TERM} is {@code dumb}
 * @param columns width, at least {@value #MIN_COLUMNS}; {@link #UNLIMITED} where nothing is cut
 */
public record Terminal(boolean interactive, boolean colour, int columns) {

    /** For a pipe or a file: programs read it, so nothing is cut. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    static final int MIN_COLUMNS = 40;
    private static final int USUAL_COLUMNS = 80;

    /** Set by the launcher when the output is a terminal: its width, which Java itself can not ask for. */
    private static final String COLUMNS_PROPERTY = "holdfast.columns";

    /** The terminal behind the standard output of this process. */
    public static Terminal ofStandardOutput() {
        return of(
                System.getProperty(COLUMNS_PROPERTY) != null || isTerminal("/proc/self/fd/1"),
                System.getProperty(COLUMNS_PROPERTY, ""),
                System.getenv());
    }

    static Terminal of(boolean interactive, String columns, Map<String, String> environment) {
        if (!interactive) {
            return new Terminal(false, false, UNLIMITED);
        }
        String width = columns.isBlank() ? environment.getOrDefault("COLUMNS", "") : columns;
        String noColour = environment.getOrDefault("NO_COLOR", "");
        boolean colour = noColour.isEmpty() && !"dumb".equals(environment.get("TERM"));
        return new Terminal(true, colour, Math.max(MIN_COLUMNS, number(width)));
    }

    private static int number(String text) {
        return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : USUAL_COLUMNS;
    }

    /** {@code System.console()} tells of input and output together, and on JDK 22 it is never null. */
    private static boolean isTerminal(String descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException noSuchThing) {
            return false;
        }
    }
}
