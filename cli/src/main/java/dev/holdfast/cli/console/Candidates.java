package dev.holdfast.cli.console;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;

/** What completion offers for an enum: in lower case, as the help says it. */
public abstract class Candidates implements Iterable<String> {

    private final Enum<?>[] values;

    protected Candidates(Enum<?>[] values) {
        this.values = values;
    }

    @Override
    public Iterator<String> iterator() {
        Stream<String> words = Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT));
        return words.iterator();
    }

    /** Of {@code -o}. */
    public static final class Formats extends Candidates {
        public Formats() {
            super(OutputFormat.values());
        }
    }

    /** Of {@code --color}. */
    public static final class Colors extends Candidates {
        public Colors() {
            super(ColorChoice.values());
        }
    }
}
