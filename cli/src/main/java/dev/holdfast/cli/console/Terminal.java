package dev.holdfast.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What is known of the standard output.
 *
 * @param interactive whether it is a terminal; otherwise it is a pipe or a file
 * @param redraws whether it is one that can go back and draw again: not {@code TERM=dumb}
 * @param colour whether to use colours: as {@code --color} says
 * @param columns width, at least {@value #MIN_COLUMNS}; {@link #UNLIMITED} where nothing is cut
 * @param rows height; {@link #UNLIMITED} where it is not known
 */
public record Terminal(boolean interactive, boolean redraws, boolean colour, int columns, int rows) {

    /** For a pipe or a file: programs read it, so nothing is cut. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    static final int MIN_COLUMNS = 40;
    private static final int USUAL_COLUMNS = 80;

    /** Set by the launcher when the output is a terminal: its width, which Java itself can not ask for. */
    private static final String COLUMNS_PROPERTY = "holdfast.columns";

    /** Whether somebody types what this process reads. */
    public static boolean standardInputIsTerminal() {
        return isTerminal("/proc/self/fd/0");
    }

    /** The terminal behind the standard output of this process, as wide as it was when the process began. */
    public static Terminal ofStandardOutput(ColorChoice color) {
        boolean interactive = isTerminal();
        String columns = System.getProperty(COLUMNS_PROPERTY, "");
        if (interactive && columns.isBlank() && System.getenv("COLUMNS") == null) {
            return measured(color);
        }
        return of(interactive, new TerminalSize("", columns), color, System.getenv());
    }

    /** The same, as large as it is now; costs a process. */
    static Terminal measured(ColorChoice color) {
        boolean interactive = isTerminal();
        TerminalSize size = interactive ? TerminalSize.ask() : TerminalSize.UNKNOWN;
        boolean chosen = System.getenv("COLUMNS") != null;
        return of(interactive, chosen ? new TerminalSize(size.rows(), "") : size, color, System.getenv());
    }

    static Terminal of(boolean interactive, TerminalSize size, ColorChoice color, Map<String, String> environment) {
        if (!interactive) {
            return new Terminal(false, false, color == ColorChoice.ALWAYS, UNLIMITED, UNLIMITED);
        }
        boolean redraws = !"dumb".equals(environment.get("TERM"));
        boolean automatic = redraws && environment.getOrDefault("NO_COLOR", "").isEmpty();
        String chosen = environment.getOrDefault("COLUMNS", "");
        int columns = number(size.columns(), number(chosen, USUAL_COLUMNS));
        return new Terminal(
                true,
                redraws,
                color == ColorChoice.ALWAYS || (color == ColorChoice.AUTO && automatic),
                Math.max(MIN_COLUMNS, columns),
                number(size.rows(), number(environment.getOrDefault("LINES", ""), UNLIMITED)));
    }

    private static int number(String text, int otherwise) {
        return text.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text) : otherwise;
    }

    /** {@code System.console()} tells of input and output together, and on JDK 22 it is never null. */
    private static boolean isTerminal() {
        return System.getProperty(COLUMNS_PROPERTY) != null || isTerminal("/proc/self/fd/1");
    }

    private static boolean isTerminal(String descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException noSuchThing) {
            return false;
        }
    }
}
