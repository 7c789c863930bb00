package dev.holdfast.cli.console;

/** What stands in a place of a table, and what colour tells of it. */
public record Cell(Object value, Style style) {

    static Cell of(Object value) {
        return value instanceof Cell cell ? cell : new Cell(value, Style.PLAIN);
    }
}
