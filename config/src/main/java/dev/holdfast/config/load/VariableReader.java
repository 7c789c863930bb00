package dev.holdfast.config.load;

import dev.holdfast.config.SettingSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the settings in environment variables, {@code HOLDFAST_STORAGE_SYNC} and the like.
 *
 * <p>In {@code HOLDFAST_DURABLE_EXECUTOR_SERVICE__reports__POOL_SIZE} the label {@code reports} is the executor's name. A
 * label without a small letter, as the customs of variables want it, means the name in small letters with {@code -} for
 * {@code _}: {@code ORDERS_EU} is {@code orders-eu}. Every other name, with dots or wildcards, is the value of one more
 * variable with that label: {@code HOLDFAST_DURABLE_EXECUTOR_SERVICE__EU__NAME=orders.eu-*}.
 *
 * <p>A variable with an empty value is as good as none: that is what scripts leave behind.
 */
final class VariableReader {
    private static final String NAME = SettingNames.SEPARATOR + "NAME";

    private final Map<String, String> variables;
    private final Problems problems;
    private final List<Given> found = new ArrayList<>();
    /** To find out that one setting was given by two spellings. */
    private final Map<String, String> seen = new HashMap<>();

    private VariableReader(Map<String, String> variables, Problems problems) {
        this.variables = variables;
        this.problems = problems;
    }

    static List<Given> read(Map<String, String> environment, Problems problems) {
        Map<String, String> variables = new TreeMap<>();
        environment.forEach((name, value) -> {
            boolean ours = !Reserved.isVariable(name) && !Reserved.isServiceAddress(name, value);
            if (ours && !value.isBlank()) {
                variables.put(name, value.strip());
            }
        });
        VariableReader reader = new VariableReader(variables, problems);
        variables.forEach(reader::take);
        return reader.found;
    }

    private void take(String variable, String value) {
        String rest = variable.substring(SettingNames.VARIABLE_PREFIX.length());
        for (Section<?> section : Settings.named()) {
            String prefix = SettingNames.variable(section.name()) + SettingNames.SEPARATOR;
            if (rest.startsWith(prefix)) {
                named(section, rest.substring(prefix.length()), value, variable);
                return;
            }
        }
        String path = SettingNames.VARIABLES.get(SettingNames.plain(rest));
        if (path != null) {
            add(new Given(SettingSource.ENVIRONMENT, variable, Settings.ROOT, "", path, value));
        } else if (!Reserved.isServiceLink(variable, value)) {
            unknown(variable, value, nearest(rest));
        }
    }

    private void named(Section<?> section, String rest, String value, String variable) {
        if (rest.endsWith(NAME) && rest.length() > NAME.length()) {
            nameOnly(section, rest.substring(0, rest.length() - NAME.length()), variable, value);
            return;
        }
        for (int at = rest.indexOf(SettingNames.SEPARATOR, 1);
                at > 0;
                at = rest.indexOf(SettingNames.SEPARATOR, at + 1)) {
            String end = SettingNames.plain(rest.substring(at + SettingNames.SEPARATOR.length()));
            String path = SettingNames.byVariable(section).get(end);
            if (path != null) {
                String name = nameOf(section, rest.substring(0, at));
                add(new Given(SettingSource.ENVIRONMENT, variable, section, name, path, value));
                return;
            }
        }
        unknown(variable, value, nearest(section, rest));
    }

    /** The variable with the name gives no setting: it must have company. */
    private void nameOnly(Section<?> section, String label, String variable, String value) {
        String prefix = SettingNames.variableOf(section, label, "");
        boolean alone =
                variables.keySet().stream().noneMatch(other -> other.startsWith(prefix) && !other.equals(variable));
        if (alone) {
            problems.add(
                    variable,
                    section.name(),
                    value,
                    "a name without a setting",
                    "with it, variables that start with " + prefix,
                    null);
        }
    }

    private String nameOf(Section<?> section, String label) {
        String given = variables.get(SettingNames.variableOf(section, label, "name"));
        if (given != null) {
            return given;
        }
        boolean capitals = label.equals(label.toUpperCase(Locale.ROOT));
        return capitals ? label.toLowerCase(Locale.ROOT).replace('_', '-') : label;
    }

    private void add(Given given) {
        String first = seen.putIfAbsent(given.setting(), given.where());
        if (first == null) {
            found.add(given);
        } else {
            problems.add(given.where(), given.setting(), given.text(), "given twice, first by " + first, "once", null);
        }
    }

    private static @Nullable String nearest(String rest) {
        for (Section<?> section : Settings.named()) {
            String prefix = SettingNames.variable(section.name()) + "_";
            if (rest.startsWith(prefix)) {
                return nearest(section, rest.substring(prefix.length()));
            }
        }
        String plain = SettingNames.plain(rest);
        String nearest = Nearest.of(plain, SettingNames.VARIABLES.keySet());
        if (nearest != null) {
            return SettingNames.VARIABLE_PREFIX + nearest;
        }
        String path = Settings.pathOfName(plain.toLowerCase(Locale.ROOT).replace('_', '-'));
        return path == null ? null : SettingNames.variableOf(path.replace(".<name>.", "__<NAME>__"));
    }

    /** The label is kept where it can be told from the setting. */
    private static @Nullable String nearest(Section<?> section, String rest) {
        int at = rest.lastIndexOf(SettingNames.SEPARATOR);
        if (at > 0) {
            String nearest = Nearest.of(
                    rest.substring(at + SettingNames.SEPARATOR.length()),
                    SettingNames.byVariable(section).keySet());
            return nearest == null ? null : SettingNames.variableOf(section, rest.substring(0, at), nearest);
        }
        for (String end : SettingNames.byVariable(section).keySet()) {
            if (rest.endsWith("_" + end)) {
                return SettingNames.variableOf(section, rest.substring(0, rest.length() - end.length() - 1), end);
            }
        }
        return null;
    }

    private void unknown(String variable, String value, @Nullable String suggestion) {
        problems.add(
                variable,
                variable,
                value,
                "unknown setting",
                "HOLDFAST_ and the path of a setting in a file, in capitals",
                suggestion);
    }
}
