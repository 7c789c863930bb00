package dev.holdfast.cli.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints one frame after the other. On a terminal a table takes the place of the one before. */
final class FramePainter {

    private static final String TO_LINE_START = "\r";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;]*m");

    private final Output output;
    private final double pauseSeconds;
    private final boolean redraws;
    private final PrintWriter screen;
    private int linesOnScreen;
    private boolean first = true;

    FramePainter(Output output, double pauseSeconds) {
        this.output = output;
        this.pauseSeconds = pauseSeconds;
        this.redraws = output.isTable() && output.terminal().redraws();
        this.screen = output.out();
    }

    int paint(Watch.Frame frame) throws IOException {
        return redraws ? redraw(frame) : append(frame);
    }

    /** What separates the frames keeps a stream of them readable: YAML documents, JSON values, tables. */
    private int append(Watch.Frame frame) throws IOException {
        if (output.format() == OutputFormat.YAML) {
            screen.println("---");
        } else if (!first) {
            screen.println();
        }
        first = false;
        int exitCode = frame.print();
        screen.flush();
        return exitCode;
    }

    private int redraw(Watch.Frame frame) throws IOException {
        Terminal terminal = Terminal.measured(Output.color(output.command()));
        StringWriter text = new StringWriter();
        output.redirect(new PrintWriter(text, true), terminal);
        int exitCode = frame.print();
        output.redirect(null, null);

        StringBuilder all = new StringBuilder();
        if (linesOnScreen > 0) {
            all.append("\u001b[").append(linesOnScreen).append('A');
        }
        all.append(TO_LINE_START).append(CLEAR_BELOW);
        all.append(Style.QUIET.on(terminal.colour(), cut(heading(), terminal.columns())))
                .append('\n');
        List<String> lines = text.toString().lines().toList();
        int room = Math.max(1, terminal.rows() - 3); // the heading, a line about the rest, and where the cursor stands
        int shown = lines.size() <= room + 1 ? lines.size() : room;
        lines.stream()
                .limit(shown)
                .forEach(line -> all.append(cut(line, terminal.columns())).append('\n'));
        if (shown < lines.size()) {
            all.append(Style.QUIET.on(terminal.colour(), "... " + (lines.size() - shown) + " more lines"))
                    .append('\n');
        }
        linesOnScreen = 1 + shown + (shown < lines.size() ? 1 : 0);
        screen.print(all);
        screen.flush();
        return exitCode;
    }

    private String heading() {
        String pause = pauseSeconds == Math.rint(pauseSeconds)
                ? String.valueOf((long) pauseSeconds)
                : String.valueOf(pauseSeconds);
        return LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + ", every " + pause + " s; Ctrl-C ends";
    }

    /** A line that the terminal would break is two lines for the way back up. Escape sequences take no place. */
    static String cut(String line, int columns) {
        if (TextWidth.of(ESCAPE.matcher(line).replaceAll("")) <= columns) {
            return line;
        }
        StringBuilder cut = new StringBuilder();
        int left = columns;
        int at = 0;
        Matcher escape = ESCAPE.matcher(line);
        while (at < line.length()) {
            boolean found = escape.find(at);
            String text = line.substring(at, found ? escape.start() : line.length());
            String fits = left > 0 ? TextWidth.cut(text, left) : "";
            cut.append(fits);
            left -= TextWidth.of(fits) + (fits.equals(text) ? 0 : columns);
            if (found) {
                cut.append(escape.group());
            }
            at = found ? escape.end() : line.length();
        }
        return cut.toString();
    }
}
