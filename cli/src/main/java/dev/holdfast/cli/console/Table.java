package dev.holdfast.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns. On a terminal the widest columns give way until a row fits; elsewhere nothing is cut. Control
 * characters are shown as {@code ?}: a label must not move the cursor.
 */
public final class Table {

    private static final int GAP = 2;
    private static final int NARROWEST = 6;

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    /** As many cells as the header has. */
    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("cells=" + cells.length + ", columns=" + header.size());
        }
        List<String> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            row.add(printable(String.valueOf(cell)));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public void print(PrintWriter out, Terminal terminal) {
        print(out, terminal, true);
    }

    /** {@code withHeader} is false for a table that goes on where another ended. */
    public void print(PrintWriter out, Terminal terminal, boolean withHeader) {
        int[] widths = widths(terminal.columns());
        if (withHeader) {
            String head = line(header, widths);
            out.println(terminal.colour() ? "\u001b[1m" + head + "\u001b[0m" : head);
        }
        for (List<String> row : rows) {
            out.println(line(row, widths));
            if (out.checkError()) {
                return;
            }
        }
    }

    private int[] widths(int columns) {
        int[] widths = new int[header.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = length(header.get(column));
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], length(row.get(column)));
            }
        }
        while (total(widths) > columns && shrinkWidest(widths)) {
            // one character less per round
        }
        return widths;
    }

    private static long total(int[] widths) {
        long total = (long) GAP * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        return total;
    }

    /** Never the first column: it is what the other commands want. */
    private static boolean shrinkWidest(int[] widths) {
        int widest = -1;
        for (int column = 1; column < widths.length; column++) {
            if (widths[column] > NARROWEST && (widest < 0 || widths[column] >= widths[widest])) {
                widest = column;
            }
        }
        if (widest < 0) {
            return false;
        }
        widths[widest]--;
        return true;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = fit(cells.get(column), widths[column]);
            line.append(cell);
            if (column < widths.length - 1) {
                line.append(" ".repeat(widths[column] - length(cell) + GAP));
            }
        }
        return line.toString().stripTrailing();
    }

    private static String fit(String cell, int width) {
        if (length(cell) <= width) {
            return cell;
        }
        return cell.substring(0, cell.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** {@code text} on one line, harmless to a terminal. */
    public static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints()
                .map(point ->
                        Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? '?' : point)
                .forEach(safe::appendCodePoint);
        return safe.toString();
    }
}
