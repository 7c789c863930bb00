package dev.holdfast.cli.console;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code -o} of every command that prints, a {@link Mixin}: what is printed goes through here, so that each command knows
 * the same formats, nothing is held that can be streamed, and a reader who has seen enough ({@code | head}) ends it quietly.
 */
public final class Output {

    /** Rows that are held, to know the widths of their columns. */
    private static final int ROWS_AT_ONCE = 1_000;

    private static final int LINES_PER_CHECK = 64;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec mixee;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            completionCandidates = Candidates.Formats.class,
            description = "table (default), json, yaml, or ids: one id on a line.")
    private OutputFormat format = OutputFormat.TABLE;

    private @Nullable PrintWriter frame;
    private @Nullable Terminal terminal;

    public OutputFormat format() {
        return format;
    }

    /** Whether a person reads: what is only said then goes through {@link #out()}. */
    public boolean isTable() {
        return format == OutputFormat.TABLE;
    }

    /** Where answers go. */
    public PrintWriter out() {
        PrintWriter redrawn = frame;
        return redrawn == null ? mixee.commandLine().getOut() : redrawn;
    }

    public Terminal terminal() {
        Terminal known = terminal;
        if (known == null) {
            known = Terminal.ofStandardOutput(color(mixee));
            terminal = known;
        }
        return known;
    }

    /** What is not an answer, for whoever watches the command: {@code No tasks}. */
    public void note(String text) {
        PrintWriter redrawn = frame;
        PrintWriter to = redrawn == null ? mixee.commandLine().getErr() : redrawn;
        to.println(text);
        to.flush();
    }

    /** Whether the reader of a pipe has gone: what is left need not be made. Flushes. */
    public boolean nobodyReads() {
        return out().checkError();
    }

    /** Prints each of {@code items} as it comes; the caller closes the stream. */
    public <T> void list(Stream<? extends T> items, Listing<T> listing) {
        switch (format) {
            case TABLE -> table(items, listing);
            case JSON, YAML -> Documents.printAll(out(), format, items.map(listing::document));
            case IDS -> ids(items.map(listing::id));
        }
    }

    /**
     * Prints one document.
     *
     * @param ids what {@code -o ids} prints of it
     * @param asTable prints it for people, to {@link #out()}
     */
    public void document(Map<String, ?> document, Stream<?> ids, Runnable asTable) {
        switch (format) {
            case TABLE -> asTable.run();
            case JSON, YAML -> Documents.print(out(), format, document);
            case IDS -> ids(ids);
        }
        out().flush();
    }

    private void ids(Stream<?> ids) {
        Iterator<?> all = ids.iterator();
        for (long line = 0; all.hasNext(); line++) {
            out().println(all.next());
            if (line % LINES_PER_CHECK == 0 && nobodyReads()) {
                return;
            }
        }
        out().flush();
    }

    /** Prints {@code items} as a table whatever the format is: a part of what a {@link #document} prints for people. */
    public <T> void table(Stream<? extends T> items, Listing<T> listing) {
        Iterator<? extends T> all = items.iterator();
        if (!all.hasNext()) {
            note(listing.none());
            return;
        }
        List<String> leftOut = List.of();
        boolean first = true;
        while (all.hasNext() && !nobodyReads()) {
            Table table = listing.table();
            for (int row = 0; row < ROWS_AT_ONCE && all.hasNext(); row++) {
                listing.addTo(table, all.next());
            }
            List<String> missing = table.print(out(), terminal(), first);
            leftOut = first ? missing : leftOut;
            first = false;
        }
        if (!leftOut.isEmpty()) {
            String left = String.join(", ", leftOut);
            String text = TextWidth.cut("Too narrow for: " + left, terminal().columns());
            out().println(Style.QUIET.on(terminal().colour(), text));
        }
        out().flush();
    }

    /** What is printed until the next call goes to {@code writer}, for a terminal of that size; null: no longer. */
    void redirect(@Nullable PrintWriter writer, @Nullable Terminal size) {
        frame = writer;
        terminal = size;
    }

    CommandSpec command() {
        return mixee;
    }

    /** What {@code --color} says on the command line that {@code spec} is part of. */
    static ColorChoice color(CommandSpec spec) {
        OptionSpec option = spec.root().findOption("--color");
        return option != null && option.getValue() instanceof ColorChoice choice ? choice : ColorChoice.AUTO;
    }
}
