package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

/**
 * Something of a file in another product's format that this configuration does not have, or has otherwise. See {@link
 * Config#importNotes()}.
 *
 * @param kind whether it is missing or different
 * @param where {@code hazelcast:line:column}
 * @param element the element, with the name it has, such as {@code map[orders]}
 * @param what what became of it, and what to do instead
 */
public record ImportNote(Kind kind, String where, String element, String what) {
    /** What became of it. */
    public enum Kind {
        /** It is not in the configuration. */
        LEFT_OUT,
        /** It is in the configuration, and means something else. */
        DIFFERS
    }

    /**
     * Checked for null.
     *
     * @param kind whether it is missing or different
     * @param where the place
     * @param element the element
     * @param what what there is to say
     */
    public ImportNote {
        requireNonNull(kind, "kind");
        requireNonNull(where, "where");
        requireNonNull(element, "element");
        requireNonNull(what, "what");
    }

    /** {@return one line: {@code hazelcast:7:5: map[orders]: left out: ...}} */
    @Override
    public String toString() {
        return where + ": " + element + ": " + (kind == Kind.LEFT_OUT ? "left out: " : "differs: ") + what;
    }
}
