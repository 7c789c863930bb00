package dev.holdfast.config.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a value is written in a file: both directions, so that what is printed can be read again. */
public interface ValueType<V> {
    /** The value of a trimmed text. */
    V parse(String text) throws BadValueException;

    /** The value of several items; only for types that are lists. */
    default V ofItems(List<String> items) {
        throw new IllegalStateException("not a list: type=" + describe());
    }

    /** The text of a value, such that {@link #parse} gives an equal one. */
    String print(V value);

    /** What is allowed, such as "a whole number". */
    String describe();

    /** What is counted or measured, such as "threads"; empty where the value is no quantity. */
    default String unit() {
        return "";
    }

    /** The texts there are, in any case, when they can be listed; else none. */
    default List<String> texts() {
        return List.of();
    }

    /** An XML Schema pattern that every text of this type matches, whatever else does; empty for any text. */
    default String pattern() {
        return "";
    }

    /** The nearest right text for a wrong one, or null. */
    default @Nullable String suggest(String text) {
        return null;
    }
}
