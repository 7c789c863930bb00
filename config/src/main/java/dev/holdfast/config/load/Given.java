package dev.holdfast.config.load;

import dev.holdfast.config.SettingSource;

/**
 * What an environment variable or a system property says.
 *
 * @param source which of the two
 * @param where the variable, or the property as {@code -D} has it
 * @param section the root, or the named section that is meant
 * @param name of the executor or the protection; empty for a setting that there is once
 * @param path of the setting within the section
 * @param text the value, trimmed
 */
record Given(SettingSource source, String where, Section<?> section, String name, String path, String text) {
    /** The full name of the setting. */
    String setting() {
        return name.isEmpty() ? path : section.name() + "." + name + "." + path;
    }
}
