package dev.holdfast.config.load;

import dev.holdfast.config.EffectiveSetting.Given;
import dev.holdfast.config.SettingSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the values of a configuration were written, and over what they won, so that a check at start still names file and
 * line. A value that a setter has changed since is no longer from there.
 */
public final class Origins {
    /** The place of what only code can have given. */
    static final String PROGRAMMATIC = "programmatic configuration";

    /** By the setting's full name, the one that counts last. At most one for each source. */
    private final Map<String, List<Given>> byPath = new HashMap<>();

    /** None yet. */
    public Origins() {}

    void put(String path, SettingSource source, @Nullable String printedValue, String where) {
        List<Given> given = byPath.computeIfAbsent(path, unused -> new ArrayList<>());
        given.removeIf(earlier -> earlier.source() == source);
        given.add(new Given(printedValue, source, where));
        given.sort(Comparator.comparing(Given::source));
    }

    String whereOf(String path, @Nullable String printedValue) {
        Given last = last(path);
        return last != null && Objects.equals(last.value(), printedValue) ? last.where() : PROGRAMMATIC;
    }

    /** The place of a section, whatever is in it now. */
    public String whereOf(String path) {
        Given last = last(path);
        return last == null ? PROGRAMMATIC : last.where();
    }

    private @Nullable Given last(String path) {
        List<Given> given = byPath.get(path);
        return given == null ? null : given.get(given.size() - 1);
    }

    /** What was given for a setting, the one that counts last; empty for none. */
    List<Given> given(String path) {
        return List.copyOf(byPath.getOrDefault(path, List.of()));
    }

    /** A section that starts with another one's values also has their places. Both paths without a dot at the end. */
    public void inherit(String from, String to) {
        Map<String, List<Given>> inherited = new HashMap<>();
        byPath.forEach((path, given) -> {
            if (path.startsWith(from + ".")) {
                inherited.put(to + path.substring(from.length()), new ArrayList<>(given));
            }
        });
        byPath.putAll(inherited);
    }

    /** Takes over what the other one knows. */
    public void copy(Origins other) {
        other.byPath.forEach((path, given) -> byPath.put(path, new ArrayList<>(given)));
    }
}
