package dev.holdfast.cli.console;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows in columns. On a terminal the widest columns give way until a row fits, and where that is not enough the details
 * are left out; elsewhere nothing is cut. Control characters are shown as {@code ?}: a label must not move the cursor.
 */
public final class Table {

    private static final int GAP = 2;
    private static final int NARROWEST = 6;
    /** What a column that is no detail gets before any detail gets more than the least. */
    private static final int ENOUGH = 16;

    private static final int ROWS_PER_CHECK = 64;

    /** @param detail whether it may be left out where there is no room */
    record Column(String name, boolean detail) {}

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** All of these columns matter. */
    public Table(String... header) {
        this(List.of(header).stream().map(name -> new Column(name, false)).toList());
    }

    Table(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** As many cells as there are columns; a {@link Cell} has a style. */
    public Table row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("cells=" + cells.length + ", columns=" + columns.size());
        }
        List<Cell> row = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            Cell styled = Cell.of(cell);
            row.add(new Cell(printable(String.valueOf(styled.value())), styled.style()));
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

    /**
     * {@code withHeader} is false for a table that goes on where another ended. Stops when nobody reads.
     *
     * @return the columns for which there was no room
     */
    public List<String> print(PrintWriter out, Terminal terminal, boolean withHeader) {
        List<Integer> shown = shown(terminal.columns());
        int[] widths = widths(shown, terminal.columns());
        if (withHeader) {
            List<Cell> head = columns.stream()
                    .map(column -> new Cell(column.name(), Style.HEADING))
                    .toList();
            out.println(line(head, shown, widths, terminal.colour()));
        }
        for (int row = 0; row < rows.size(); row++) {
            out.println(line(rows.get(row), shown, widths, terminal.colour()));
            if (row % ROWS_PER_CHECK == 0 && out.checkError()) {
                break;
            }
        }
        return columns.stream()
                .filter(column -> !shown.contains(columns.indexOf(column)))
                .map(Column::name)
                .toList();
    }

    /** The columns that there is room for when each is as narrow as it may get; the last details go first. */
    private List<Integer> shown(int available) {
        List<Integer> shown = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            shown.add(column);
        }
        for (int column = columns.size() - 1; column > 0; column--) {
            if (columns.get(column).detail() && narrowest(shown) > available) {
                shown.remove(Integer.valueOf(column));
            }
        }
        return shown;
    }

    private long narrowest(List<Integer> shown) {
        long total = -GAP;
        for (int column : shown) {
            total += GAP + least(column);
        }
        return total;
    }

    /** Never less of the first column: it is what the other commands want. */
    private int least(int column) {
        int natural = natural(column);
        if (column == 0) {
            return natural;
        }
        return Math.min(natural, columns.get(column).detail() ? NARROWEST : ENOUGH);
    }

    private int natural(int column) {
        int width = TextWidth.of(columns.get(column).name());
        for (List<Cell> row : rows) {
            width = Math.max(width, TextWidth.of(text(row.get(column))));
        }
        return width;
    }

    private int[] widths(List<Integer> shown, int available) {
        int[] widths = shown.stream().mapToInt(this::natural).toArray();
        int[] least = shown.stream().mapToInt(this::least).toArray();
        while (total(widths) > available && shrinkWidest(widths, least)) {
            // one place less per round
        }
        for (int place = 1; place < least.length; place++) {
            least[place] = Math.min(least[place], NARROWEST);
        }
        while (total(widths) > available && shrinkWidest(widths, least)) {
            // and now whatever it is
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

    private static boolean shrinkWidest(int[] widths, int[] least) {
        int widest = -1;
        for (int place = 0; place < widths.length; place++) {
            if (widths[place] > least[place] && (widest < 0 || widths[place] >= widths[widest])) {
                widest = place;
            }
        }
        if (widest < 0) {
            return false;
        }
        widths[widest]--;
        return true;
    }

    private static String line(List<Cell> cells, List<Integer> shown, int[] widths, boolean colour) {
        StringBuilder line = new StringBuilder();
        int owed = 0;
        for (int place = 0; place < widths.length; place++) {
            Cell cell = cells.get(shown.get(place));
            String text = place == 0 ? text(cell) : TextWidth.cut(text(cell), widths[place]);
            if (!text.isEmpty()) {
                line.append(" ".repeat(owed)).append(cell.style().on(colour, text));
                owed = 0;
            }
            owed += widths[place] - TextWidth.of(text) + GAP;
        }
        return line.toString();
    }

    private static String text(Cell cell) {
        return String.valueOf(cell.value());
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
