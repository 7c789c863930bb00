package dev.holdfast.config.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One setting: everything that the readers, the validation, the printed form and the documentation know about it.
 *
 * @param name its name in files, within its section
 * @param type how it is written
 * @param limit which values are allowed
 * @param getter reads it; null is "none"
 * @param setter writes it
 * @param clearer makes it "none", or null when it always has a value
 * @param doc one or two sentences
 * @param since the version that has it first
 * @param <C> the configuration class that holds it
 * @param <V> its value
 */
public record SettingKey<C, V>(
        String name,
        ValueType<V> type,
        Limit<V> limit,
        Getter<C, V> getter,
        Setter<C, V> setter,
        @Nullable Clearer<C> clearer,
        String doc,
        String since) {
    /** The word, in any case, that takes an optional value away. */
    public static final String NONE = "none";

    /** Reads a value; null is "none". */
    @FunctionalInterface
    public interface Getter<C, V> {
        /** The value, or null for none. */
        @Nullable
        V get(C config);
    }

    /** Writes a value; what the setter answers is ignored. */
    @FunctionalInterface
    public interface Setter<C, V> {
        /** Writes it. */
        void set(C config, V value);
    }

    /** Takes a value away. */
    @FunctionalInterface
    public interface Clearer<C> {
        /** Takes it away. */
        void clear(C config);
    }

    /** Whether "none" is a value. */
    public boolean optional() {
        return clearer != null;
    }

    /** Type and limit for people, such as "a whole number from 1 to 10,000". */
    public String allowed() {
        String range = limit.describe();
        String whole = range.isEmpty() ? type.describe() : type.describe() + ", " + range;
        return optional() ? whole + "; or none" : whole;
    }

    /** The value as written in a file, or null for none. */
    public @Nullable String print(C config) {
        V value = getter.get(config);
        return value == null ? null : type.print(value);
    }

    /** Sets it from a text. */
    public void read(C config, String text) throws BadValueException {
        if (clearer != null && text.equalsIgnoreCase(NONE)) {
            clearer.clear(config);
        } else {
            setter.set(config, type.parse(text));
        }
    }

    /** Whether a text is a value that is allowed; adds the problem if it is not. */
    boolean admits(String text, String where, String path, Problems problems) {
        if (clearer != null && text.equalsIgnoreCase(NONE)) {
            return true;
        }
        V value;
        try {
            value = type.parse(text);
        } catch (BadValueException e) {
            problems.add(where, path, text, String.valueOf(e.getMessage()), allowed(), type.suggest(text));
            return false;
        }
        boolean good = limit.admits(value);
        if (!good) {
            problems.add(where, path, type.print(value), "not allowed", allowed(), null);
        }
        return good;
    }

    /** A text as it would be printed after it was read, or null for none. */
    @Nullable
    String normal(String text) {
        try {
            return clearer != null && text.equalsIgnoreCase(NONE) ? null : type.print(type.parse(text));
        } catch (BadValueException e) {
            return text;
        }
    }

    /** Sets a list. */
    void readItems(C config, List<String> items) {
        setter.set(config, type.ofItems(items));
    }

    /** Sets it to what the other one has. */
    void copy(C from, C to) {
        V value = getter.get(from);
        if (value != null) {
            setter.set(to, value);
        } else if (clearer != null) {
            clearer.clear(to);
        }
    }
}
