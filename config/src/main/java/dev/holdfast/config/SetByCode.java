package dev.holdfast.config;

import java.util.HashSet;
import java.util.Set;

/**
 * Names of the settings that a setter was called for. The environment and the system properties win over a file, not over
 * those, and a value alone does not tell: a setter may have been called with the default.
 */
final class SetByCode {
    private final Set<String> settings = new HashSet<>();

    void add(String setting) {
        settings.add(setting);
    }

    boolean contains(String setting) {
        return settings.contains(setting);
    }

    void setTo(SetByCode other) {
        settings.retainAll(other.settings);
        settings.addAll(other.settings);
    }
}
