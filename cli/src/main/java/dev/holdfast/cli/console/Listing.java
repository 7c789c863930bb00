package dev.holdfast.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How the things of one kind are printed: as rows, as documents, as ids. The fields of a document are a contract with
 * scripts, {@code docs/console.md}: they may grow.
 *
 * @param <T> what is listed
 */
public final class Listing<T> {

    private final String none;
    private final Function<? super T, ?> id;
    private final Function<? super T, ? extends Map<String, ?>> document;
    private final List<Table.Column> columns = new ArrayList<>();
    private final List<Function<? super T, ?>> cells = new ArrayList<>();

    /**
     * @param none told in place of an empty table, for example {@code No tasks}
     * @param id what other commands take, for {@code -o ids}
     * @param document for {@code -o json} and {@code -o yaml}: maps, lists, texts, numbers
     */
    public Listing(String none, Function<? super T, ?> id, Function<? super T, ? extends Map<String, ?>> document) {
        this.none = none;
        this.id = id;
        this.document = document;
    }

    /** A column of the table; the first is never cut. {@code cell} may give a {@link Cell}. */
    public Listing<T> column(String name, Function<? super T, ?> cell) {
        columns.add(new Table.Column(name, false));
        cells.add(cell);
        return this;
    }

    /** A column that a narrow terminal goes without. */
    public Listing<T> detail(String name, Function<? super T, ?> cell) {
        columns.add(new Table.Column(name, true));
        cells.add(cell);
        return this;
    }

    String none() {
        return none;
    }

    Object id(T item) {
        return id.apply(item);
    }

    Map<String, ?> document(T item) {
        return document.apply(item);
    }

    Table table() {
        return new Table(columns);
    }

    void addTo(Table table, T item) {
        table.row(cells.stream().map(cell -> cell.apply(item)).toArray());
    }
}
