package dev.holdfast.config.load;

import dev.holdfast.config.SettingSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the settings in system properties, {@code holdfast.storage.sync} and the like. */
final class PropertyReader {
    private final Problems problems;
    private final List<Given> found = new ArrayList<>();

    private PropertyReader(Problems problems) {
        this.problems = problems;
    }

    static List<Given> read(Map<String, String> properties, Problems problems) {
        PropertyReader reader = new PropertyReader(problems);
        new TreeMap<>(properties).forEach((name, value) -> {
            if (!Reserved.isProperty(name)) {
                reader.take(name, value.strip());
            }
        });
        return reader.found;
    }

    private void take(String property, String value) {
        String path = property.substring(SettingNames.PROPERTY_PREFIX.length());
        String where = "-D" + property;
        for (Section<?> section : Settings.named()) {
            if (path.startsWith(section.name() + ".")) {
                named(section, path.substring(section.name().length() + 1), value, where);
                return;
            }
        }
        if (Settings.ROOT.keyAt(path) != null) {
            found.add(new Given(SettingSource.SYSTEM_PROPERTY, where, Settings.ROOT, "", path, value));
        } else {
            unknown(value, where, nearest(path));
        }
    }

    private void named(Section<?> section, String rest, String value, String where) {
        for (String path : section.paths()) {
            if (rest.endsWith("." + path) && rest.length() > path.length() + 1) {
                String name = rest.substring(0, rest.length() - path.length() - 1);
                found.add(new Given(SettingSource.SYSTEM_PROPERTY, where, section, name, path, value));
                return;
            }
        }
        int dot = rest.lastIndexOf('.');
        String name = dot > 0 ? rest.substring(0, dot) : "<name>";
        String nearest = Nearest.of(rest.substring(dot + 1), section.paths());
        String suggestion = nearest == null ? null : section.name() + "." + name + "." + nearest;
        unknown(value, where, suggestion);
    }

    private static @Nullable String nearest(String path) {
        String nearest = Nearest.of(path, Settings.ROOT.paths());
        // a section may be missing or wrong in front of a right name
        return nearest != null ? nearest : Settings.pathOfName(path.substring(path.lastIndexOf('.') + 1));
    }

    private void unknown(String value, String where, @Nullable String suggestion) {
        problems.add(
                where,
                where,
                value,
                "unknown setting",
                "holdfast. and the path of a setting in a file",
                suggestion == null ? null : SettingNames.propertyOf(suggestion));
    }
}
