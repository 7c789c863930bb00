package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import java.io.Serial;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One mistake in a configuration.
 *
 * @param where file, line and column (counted from 1) as {@code file:line:column}; or the environment variable; or the
 *     system property, as {@code -Dholdfast.storage.sync}; or words when it came from code
 * @param setting the setting's full name, such as {@code storage.segment-size}; empty when the whole source is meant; of
 *     a variable or property that is no setting, the same as {@code where}
 * @param value the text that was given, shortened and without control characters, or null when there is none; not that
 *     of a secret
 * @param what what is wrong
 * @param allowed what would be right
 * @param suggestion the nearest thing that would be right, or null when nothing is near
 * @serial exclude
 */
public record Problem(
        String where,
        String setting,
        @Nullable String value,
        String what,
        String allowed,
        @Nullable String suggestion) implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int LONGEST_VALUE = 120;

    /**
     * Keeps the value safe to print on one line of a log.
     *
     * @param where the place
     * @param setting the full name
     * @param value the text that was given, or null
     * @param what what there is to say
     * @param allowed what would be right
     * @param suggestion the nearest thing that would be right, or null
     */
    public Problem {
        requireNonNull(where, "where");
        requireNonNull(setting, "setting");
        requireNonNull(what, "what");
        requireNonNull(allowed, "allowed");
        setting = printable(setting);
        value = value == null ? null : printable(value);
    }

    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length() && safe.length() < LONGEST_VALUE; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                safe.append("\\n");
            } else if (Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || c == '\u2028'
                    || c == '\u2029') {
                safe.append(String.format("\\u%04x", (int) c));
            } else {
                safe.append(c);
            }
        }
        if (safe.length() >= LONGEST_VALUE && text.length() > LONGEST_VALUE) {
            safe.append("...");
        }
        return safe.toString();
    }

    /** {@return one line: {@code file:7:9: storage.sync=sometimes: not one of the values; allowed: ...; did you mean ...?}} */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        if (!where.equals(setting)) {
            line.append(where).append(": ");
        }
        if (!setting.isEmpty()) {
            line.append(setting);
            if (value != null) {
                line.append('=').append(value);
            }
            line.append(": ");
        }
        line.append(what);
        if (!allowed.isEmpty()) {
            line.append("; allowed: ").append(allowed);
        }
        if (suggestion != null) {
            line.append("; did you mean `").append(suggestion).append("`?");
        }
        return line.toString();
    }
}
