package dev.holdfast.config;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A setting with the value that counts, where that is from, and what it won over.
 *
 * @param setting the full name, such as {@code storage.sync}
 * @param value as a file would have it, or null for "none"; a secret's is {@value #HIDDEN}
 * @param source what kind of place gave the value
 * @param where the place: {@code file:line:column}, the variable {@code HOLDFAST_STORAGE_SYNC}, the property {@code
 *     -Dholdfast.storage.sync}, or words
 * @param overridden what would have counted without it, nearest first; ends with the default, unless the value is that
 */
public record EffectiveSetting(
        String setting, @Nullable String value, SettingSource source, String where, List<Given> overridden) {
    /** Stands for a value that nobody should read in a log. */
    public static final String HIDDEN = "(hidden)";

    /**
     * A value that another one won over.
     *
     * @param value as a file would have it, or null for "none"
     * @param source what kind of place gave it
     * @param where the place
     */
    public record Given(@Nullable String value, SettingSource source, String where) {
        /**
         * Checked for null.
         *
         * @param value the text that was given, or null
         * @param source what kind of place gave the value
         * @param where the place
         */
        public Given {
            requireNonNull(source, "source");
            requireNonNull(where, "where");
        }

        @Override
        public String toString() {
            return source == SettingSource.DEFAULT ? "the default " + text(value) : text(value) + " from " + where;
        }
    }

    /**
     * Keeps a list of its own.
     *
     * @param setting the full name
     * @param value the text that was given, or null
     * @param source what kind of place gave the value
     * @param where the place
     * @param overridden what would have counted without it, nearest first
     */
    public EffectiveSetting {
        requireNonNull(setting, "setting");
        requireNonNull(source, "source");
        requireNonNull(where, "where");
        overridden = List.copyOf(overridden);
    }

    /**
     * Whether somebody who reads the file alone, or the code alone, would expect another value: the environment or a
     * system property decided, or a setter won over something that was given elsewhere.
     *
     * @return whether it is worth a line in a log
     */
    public boolean isSurprising() {
        return switch (source) {
            case DEFAULT, FILE -> false;
            case ENVIRONMENT, SYSTEM_PROPERTY -> true;
            case PROGRAM -> overridden.stream().anyMatch(given -> given.source() != SettingSource.DEFAULT);
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "none" : value;
    }

    /** {@return one line: {@code storage.sync=always from -Dholdfast.storage.sync, overrides os from holdfast.yaml:4:5}} */
    @Override
    public String toString() {
        String line = setting + "=" + text(value) + " from " + where;
        return overridden.isEmpty()
                ? line
                : line + ", overrides "
                        + overridden.stream().map(Given::toString).collect(Collectors.joining(", and "));
    }
}
