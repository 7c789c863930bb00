package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.NamePatterns;
import dev.holdfast.config.Problem;
import dev.holdfast.config.SettingSource;
import dev.holdfast.config.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What the environment and the system properties say, read once. Immutable, so that copies of a configuration share it.
 *
 * <p>For a setting of an executor the source decides first, then the name: a property for {@code *} wins over a variable for
 * exactly this executor, and among the properties the most specific name that has this setting wins.
 */
public final class Overrides {
    private final List<Given> all;
    private final List<Problem> problems;

    private Overrides(List<Given> all, List<Problem> problems) {
        this.all = all;
        this.problems = problems;
    }

    /** Reads them; mistakes are kept, see {@link #problems()}. */
    public static Overrides of(Surroundings surroundings) {
        Problems found = new Problems();
        List<Given> read = new ArrayList<>(VariableReader.read(surroundings.environment(), found));
        read.addAll(PropertyReader.read(surroundings.properties(), found));
        read.removeIf(given -> !isGood(given, found));
        return new Overrides(List.copyOf(read), found.list());
    }

    private static boolean isGood(Given given, Problems problems) {
        if (!given.name().isEmpty() && !Allowed.SERVICE_NAME.admits(given.name())) {
            String allowed = Allowed.SERVICE_NAME.describe();
            problems.add(given.where(), given.section().name() + ".name", given.name(), "not a name", allowed, null);
            return false;
        }
        SettingKey<?, ?> key = given.section().keyAt(given.path());
        return key != null && key.admits(given.text(), given.where(), given.setting(), problems);
    }

    /** Every mistake in variables and properties; what is wrong is not used. */
    public List<Problem> problems() {
        return problems;
    }

    /** Names of the executors, with patterns, or of the protections that something is said about; sorted. */
    public Set<String> names(Section<?> section) {
        Set<String> names = new TreeSet<>();
        of(section).forEach(given -> names.add(given.name()));
        return names;
    }

    private Stream<Given> of(Section<?> section) {
        return all.stream().filter(given -> given.section() == section);
    }

    /** Sets what there is once. */
    public void applyTo(Config config, Origins origins) {
        of(Settings.ROOT).forEach(given -> set(Settings.ROOT, config, given, "", origins));
    }

    /** Sets what is said about the one of exactly this name, but for the settings that code has set. */
    public <C> void applyToNamed(
            Section<C> section, C config, String name, Predicate<String> setByCode, Origins origins) {
        of(section)
                .filter(given -> given.name().equals(name))
                .forEach(given -> setUnlessByCode(section, config, name, given, setByCode, origins));
    }

    /**
     * Sets what is said about the executor of this name, exactly or by a pattern, but for the settings that code has set.
     *
     * @param orDefault whether nothing else is there for this name, so that what is said about {@code default} counts
     * @throws ConfigurationException if two patterns say something about it and neither is more specific
     */
    public <C> void applyToMatching(
            Section<C> section,
            C config,
            String name,
            boolean orDefault,
            Predicate<String> setByCode,
            Origins origins) {
        for (String path : section.paths()) {
            Stream.of(SettingSource.ENVIRONMENT, SettingSource.SYSTEM_PROPERTY)
                    .map(source -> best(section, name, path, source, orDefault))
                    .flatMap(Optional::stream)
                    .forEach(given -> setUnlessByCode(section, config, name, given, setByCode, origins));
        }
    }

    private Optional<Given> best(
            Section<?> section, String name, String path, SettingSource source, boolean orDefault) {
        List<Given> said = of(section)
                .filter(given -> given.source() == source && given.path().equals(path))
                .toList();
        Optional<Given> exact = named(name, said);
        if (exact.isPresent() || said.isEmpty()) {
            return exact;
        }
        List<String> best =
                NamePatterns.mostSpecific(said.stream().map(Given::name).toList(), name);
        if (best.size() > 1) {
            throw tie(section, name, path, best, said.get(0));
        }
        return best.isEmpty()
                ? orDefault ? named(Config.DEFAULT_NAME, said) : Optional.empty()
                : named(best.get(0), said);
    }

    private static Optional<Given> named(String name, List<Given> said) {
        return said.stream().filter(given -> given.name().equals(name)).findFirst();
    }

    private static ConfigurationException tie(
            Section<?> section, String name, String path, List<String> patterns, Given first) {
        return new ConfigurationException(List.of(new Problem(
                first.where(),
                section.name() + "." + path,
                name,
                "the patterns " + String.join(" and ", patterns) + " match this name equally well",
                "one most specific pattern, or exactly this name",
                null)));
    }

    private static <C> void setUnlessByCode(
            Section<C> section, C config, String name, Given given, Predicate<String> setByCode, Origins origins) {
        String prefix = section.name() + "." + name + ".";
        if (setByCode.test(given.path())) {
            SettingKey<?, ?> key = section.keyAt(given.path());
            String value = key == null ? null : key.normal(given.text());
            origins.put(prefix + given.path(), given.source(), value, given.where());
        } else {
            set(section, config, given, prefix, origins);
        }
    }

    private static <C> void set(Section<C> section, C config, Given given, String prefix, Origins origins) {
        try {
            section.read(config, given.path(), given.text());
        } catch (BadValueException e) {
            throw new IllegalStateException("read before and refused now: setting=" + given.setting(), e);
        }
        SettingKey<?, ?> key = section.keyAt(given.path());
        String path = prefix + given.path();
        origins.put(path, given.source(), key == null ? null : key.normal(given.text()), given.where());
        if (key != null && key.type() instanceof ListOf list) {
            List<String> items = list.parse(given.text());
            for (int i = 0; i < items.size(); i++) {
                origins.put(path + "[" + i + "]", given.source(), items.get(i), given.where());
            }
        }
    }
}
