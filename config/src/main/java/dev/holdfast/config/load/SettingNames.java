package dev.holdfast.config.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How settings are called in the environment and as system properties.
 *
 * <p>A property has {@code holdfast.} and the path in a file: {@code holdfast.storage.sync}. A variable has {@code HOLDFAST_}
 * and the path in capitals with {@code _} for {@code -} and for the dot: {@code HOLDFAST_STORAGE_SYNC}; the dot may be
 * {@code __} as well. In both a named section has its name between its own name and the setting's. In a property the name
 * is written as it is, dots and wildcards included. In a variable it stands between {@code __}: see {@link
 * VariableReader}.
 */
public final class SettingNames {
    /** In front of every property. */
    public static final String PROPERTY_PREFIX = "holdfast.";
    /** In front of every variable. */
    public static final String VARIABLE_PREFIX = "HOLDFAST_";
    /** Around the name of a named section in a variable. */
    static final String SEPARATOR = "__";

    /** Paths of the settings that there are once, by what stands behind the prefix of their variable. */
    static final Map<String, String> VARIABLES = byVariable(Settings.ROOT);

    private SettingNames() {}

    /** The paths of a section's settings by the ends of their variables. */
    static Map<String, String> byVariable(Section<?> section) {
        Map<String, String> paths = new TreeMap<>();
        section.paths().forEach(path -> paths.put(variable(path), path));
        return paths;
    }

    /** {@code RESULT_RETENTION_MAX_BYTES} for {@code result-retention.max-bytes}. */
    static String variable(String path) {
        return path.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT);
    }

    /** Without a double underscore: both ways to write a dot are one. */
    static String plain(String variable) {
        return variable.replace(SEPARATOR, "_");
    }

    /** The property of a setting; {@code path} as in a file, with the name of a named section. */
    public static String propertyOf(String path) {
        return PROPERTY_PREFIX + path;
    }

    /** The variable of a setting that there is once. */
    public static String variableOf(String path) {
        return VARIABLE_PREFIX + variable(path);
    }

    /** The variable of a setting in a named section; {@code label} stands for the name. */
    public static String variableOf(Section<?> section, String label, String path) {
        return VARIABLE_PREFIX + variable(section.name()) + SEPARATOR + label + SEPARATOR + variable(path);
    }
}
