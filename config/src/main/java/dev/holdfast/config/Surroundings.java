package dev.holdfast.config;

import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a configuration takes besides its file: environment variables called {@code HOLDFAST_...} and system properties
 * called {@code holdfast....}; others are not kept. Immutable.
 *
 * <p>Every configuration looks at those of the process, once, when it is made. A test that must not depend on them makes
 * its configuration with {@link #none()}.
 */
public final class Surroundings {
    private static final String VARIABLE_PREFIX = "HOLDFAST_";
    private static final String PROPERTY_PREFIX = "holdfast.";

    private final SortedMap<String, String> environment;
    private final SortedMap<String, String> properties;

    private Surroundings(Map<String, String> environment, Map<String, String> properties) {
        this.environment = starting(VARIABLE_PREFIX, environment);
        this.properties = starting(PROPERTY_PREFIX, properties);
    }

    private static SortedMap<String, String> starting(String prefix, Map<String, String> all) {
        SortedMap<String, String> ours = new TreeMap<>();
        all.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                ours.put(name, value);
            }
        });
        return ours;
    }

    /** {@return those of this process, as they are now} */
    public static Surroundings ofProcess() {
        Properties system = System.getProperties();
        Map<String, String> properties = new TreeMap<>();
        system.stringPropertyNames().forEach(name -> properties.put(name, system.getProperty(name, "")));
        return new Surroundings(System.getenv(), properties);
    }

    /** {@return no variables and no properties} */
    public static Surroundings none() {
        return of(Map.of(), Map.of());
    }

    /**
     * These, by their names.
     *
     * @param environment variables by name
     * @param properties properties by name
     * @return to be handed to {@link Config}
     */
    public static Surroundings of(Map<String, String> environment, Map<String, String> properties) {
        return new Surroundings(environment, properties);
    }

    /** {@return environment variables by name; an immutable copy} */
    public Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** {@return system properties by name; an immutable copy} */
    public Map<String, String> properties() {
        return Map.copyOf(properties);
    }

    /** {@return their names; a value may be a secret} */
    @Override
    public String toString() {
        return "Surroundings[" + environment.keySet() + ", " + properties.keySet() + "]";
    }
}
