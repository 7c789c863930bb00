package dev.holdfast.config.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A group of settings that one configuration class holds, with the groups in it. Immutable once built.
 *
 * @param <C> the configuration class
 */
public final class Section<C> {
    /** Every setting so far is of this one. */
    private static final String FIRST_VERSION = "0.1.0";

    private final String name;
    private final String doc;
    private final Map<String, SettingKey<C, ?>> keys;
    private final Map<String, Part<C, ?>> parts;

    private Section(Builder<C> builder) {
        name = builder.name;
        doc = builder.doc;
        keys = new LinkedHashMap<>(builder.keys);
        parts = new LinkedHashMap<>(builder.parts);
    }

    /**
     * A section in a section: one, or one for each name.
     *
     * @param section its settings
     * @param all the ones there are, by name; a single one has the name ""
     * @param create the one of that name, made when it is not there
     * @param named whether there is one for each name
     */
    public record Part<P, C>(
            Section<C> section, Function<P, Map<String, C>> all, BiFunction<P, String, C> create, boolean named) {}

    static <C> Builder<C> named(String name, String doc) {
        return new Builder<>(name, doc);
    }

    /** Its name in files. */
    public String name() {
        return name;
    }

    /** One or two sentences. */
    public String doc() {
        return doc;
    }

    /** Its settings in the order of the documentation. */
    public List<SettingKey<C, ?>> keys() {
        return List.copyOf(keys.values());
    }

    /** Its sections in the order of the documentation. */
    public List<Part<C, ?>> parts() {
        return List.copyOf(parts.values());
    }

    /** The setting of that name, or null. */
    public @Nullable SettingKey<C, ?> key(String keyName) {
        return keys.get(keyName);
    }

    /** The section of that name, or null. */
    public @Nullable Part<C, ?> part(String partName) {
        return parts.get(partName);
    }

    /** Every name that may stand in this section. */
    List<String> names() {
        List<String> names = new ArrayList<>(keys.keySet());
        names.addAll(parts.keySet());
        return names;
    }

    /** The settings that there are once, here and in the sections below: {@code capacity}, {@code result-retention.ttl}. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>(keys.keySet());
        for (Part<C, ?> part : parts.values()) {
            if (!part.named()) {
                part.section().paths().forEach(path -> paths.add(part.section().name() + "." + path));
            }
        }
        return paths;
    }

    /** The setting at one of the {@link #paths()}, or null. */
    @Nullable
    SettingKey<?, ?> keyAt(String path) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            return keys.get(path);
        }
        Part<C, ?> part = parts.get(path.substring(0, dot));
        return part == null || part.named() ? null : part.section().keyAt(path.substring(dot + 1));
    }

    /** Reads the setting at a path that {@link #keyAt} knows. */
    void read(C config, String path, String text) throws BadValueException {
        int dot = path.indexOf('.');
        SettingKey<C, ?> key = keys.get(path);
        Part<C, ?> part = dot < 0 ? null : parts.get(path.substring(0, dot));
        if (key != null) {
            key.read(config, text);
        } else if (part != null) {
            readIn(part, config, path.substring(dot + 1), text);
        }
    }

    private static <P, C> void readIn(Part<P, C> part, P config, String path, String text) throws BadValueException {
        part.section().read(part.create().apply(config, ""), path, text);
    }

    /** Copies every setting, and every section deeply. */
    public void copy(C from, C to) {
        keys.values().forEach(key -> key.copy(from, to));
        parts.values().forEach(part -> copyPart(part, from, to));
    }

    private static <P, C> void copyPart(Part<P, C> part, P from, P to) {
        part.all()
                .apply(from)
                .forEach((name, one) -> part.section().copy(one, part.create().apply(to, name)));
    }

    /** The settings as nested maps, as a file has them. Those without a value are left out. */
    public Map<String, Object> toMap(C config) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (SettingKey<C, ?> key : keys.values()) {
            Object value = key.getter().get(config);
            String printed = key.print(config);
            if (value instanceof List || value instanceof Boolean || isPlainNumber(value, printed)) {
                map.put(key.name(), value);
            } else if (printed != null) {
                map.put(key.name(), printed);
            }
        }
        parts.values().forEach(part -> putPart(part, config, map));
        return map;
    }

    /** A size with a unit is a text. */
    private static boolean isPlainNumber(@Nullable Object value, @Nullable String printed) {
        return value instanceof Number && value.toString().equals(printed);
    }

    private static <P, C> void putPart(Part<P, C> part, P config, Map<String, Object> map) {
        Map<String, Object> ones = new LinkedHashMap<>();
        part.all()
                .apply(config)
                .forEach((name, one) -> ones.put(name, part.section().toMap(one)));
        if (!part.named()) {
            map.putAll(Map.of(part.section().name(), ones.getOrDefault("", Map.of())));
        } else if (!ones.isEmpty()) {
            map.put(part.section().name(), ones);
        }
    }

    /** For {@code toString}. */
    public String describe(C config) {
        return name + toMap(config);
    }

    /** For {@code toString} of one of several. */
    public String describe(C config, String which) {
        return name + "[" + which + "]" + toMap(config);
    }

    /** Collects the settings; lives while {@link Settings} is initialised. */
    static final class Builder<C> {
        private final String name;
        private final String doc;
        private final Map<String, SettingKey<C, ?>> keys = new LinkedHashMap<>();
        private final Map<String, Part<C, ?>> parts = new LinkedHashMap<>();

        private Builder(String name, String doc) {
            this.name = name;
            this.doc = doc;
        }

        <V> Builder<C> key(
                String key,
                ValueType<V> type,
                Limit<V> limit,
                SettingKey.Getter<C, V> getter,
                SettingKey.Setter<C, V> setter,
                String keyDoc) {
            keys.put(key, new SettingKey<>(key, type, limit, getter, setter, null, keyDoc, FIRST_VERSION));
            return this;
        }

        <V> Builder<C> optional(
                String key,
                ValueType<V> type,
                Limit<V> limit,
                SettingKey.Getter<C, V> getter,
                SettingKey.Setter<C, V> setter,
                SettingKey.Clearer<C> clearer,
                String keyDoc) {
            keys.put(key, new SettingKey<>(key, type, limit, getter, setter, clearer, keyDoc, FIRST_VERSION));
            return this;
        }

        <S> Builder<C> part(Section<S> section, Function<C, S> getter) {
            parts.put(
                    section.name(),
                    new Part<>(
                            section,
                            owner -> Map.of("", getter.apply(owner)),
                            (owner, n) -> getter.apply(owner),
                            false));
            return this;
        }

        <S> Builder<C> namedPart(Section<S> section, Function<C, Map<String, S>> all, BiFunction<C, String, S> create) {
            parts.put(section.name(), new Part<>(section, all, create, true));
            return this;
        }

        Section<C> build() {
            return new Section<>(this);
        }
    }
}
