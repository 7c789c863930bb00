package dev.holdfast.config;

import dev.holdfast.config.load.Origins;
import dev.holdfast.config.load.Overrides;
import dev.holdfast.config.load.Problems;
import dev.holdfast.config.load.Settings;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sections of a configuration that there is one of for each name: executors and protections. What the environment says
 * goes into sections that were made here, never into an object that the application added: it may be in two configurations.
 */
final class NamedSections {
    private static final String EXECUTORS = Settings.EXECUTOR.name() + ".";

    private final Overrides overrides;
    private final Origins origins;
    private final Map<String, SplitBrainProtectionConfig> protections = new LinkedHashMap<>();
    private final Map<String, DurableExecutorConfig> executors = new LinkedHashMap<>();

    NamedSections(Overrides overrides, Origins origins) {
        this.overrides = overrides;
        this.origins = origins;
    }

    void add(SplitBrainProtectionConfig protection) {
        protections.put(protection.getName(), protection);
    }

    void add(DurableExecutorConfig executor) {
        executors.put(executor.getName(), executor);
    }

    Map<String, SplitBrainProtectionConfig> protections() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(protections));
    }

    Map<String, DurableExecutorConfig> executors() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(executors));
    }

    SplitBrainProtectionConfig protection(String name) {
        SplitBrainProtectionConfig protection = protections.get(name);
        if (protection == null) {
            protection = new SplitBrainProtectionConfig(name);
            applyTo(protection);
            protections.put(name, protection);
        }
        return protection;
    }

    DurableExecutorConfig executor(String name) {
        DurableExecutorConfig executor = executors.get(name);
        if (executor == null) {
            executor = make(name);
            executors.put(name, executor);
        }
        return executor;
    }

    /** A new section with what counts for the name now, and with the places of that. */
    private DurableExecutorConfig make(String name) {
        DurableExecutorConfig nearest = nearest(name);
        if (nearest != null) {
            origins.inherit(EXECUTORS + nearest.getName(), EXECUTORS + name);
        }
        return withOverrides(name, nearest, origins);
    }

    /** Changes nothing here: the threads of a node ask. */
    DurableExecutorConfig find(String name) {
        DurableExecutorConfig exact = executors.get(name);
        return withOverrides(name, exact == null ? nearest(name) : exact, new Origins());
    }

    private DurableExecutorConfig withOverrides(String name, @Nullable DurableExecutorConfig nearest, Origins places) {
        DurableExecutorConfig executor = nearest == null ? new DurableExecutorConfig(name) : nearest.copyAs(name);
        boolean isDefault = nearest == null || nearest.getName().equals(Config.DEFAULT_NAME);
        applyTo(executor, isDefault, places);
        return executor;
    }

    private @Nullable DurableExecutorConfig nearest(String name) {
        List<String> best =
                NamePatterns.isPattern(name) ? List.of() : NamePatterns.mostSpecific(executors.keySet(), name);
        if (best.size() > 1) {
            throw tie(name, best);
        }
        return executors.get(best.isEmpty() ? Config.DEFAULT_NAME : best.get(0));
    }

    private ConfigurationException tie(String name, List<String> patterns) {
        return new ConfigurationException(List.of(new Problem(
                origins.whereOf(EXECUTORS + patterns.get(0)),
                Settings.EXECUTOR.name(),
                name,
                "the patterns " + String.join(" and ", patterns) + " match this name equally well",
                "one most specific pattern, or an entry with exactly this name",
                null)));
    }

    /** Into sections that were all read from a file or copied; protections that nothing else names are added. */
    void applyOverrides(Problems problems) {
        overrides.names(Settings.SPLIT_BRAIN).forEach(this::protection);
        protections.values().forEach(this::applyTo);
        for (DurableExecutorConfig executor : executors.values()) {
            collect(problems, () -> applyTo(executor, false, origins));
        }
    }

    /** Sections for the executors that only a variable or a property names, as each of them is without the others. */
    void addExecutorsOfOverrides(Problems problems) {
        Map<String, DurableExecutorConfig> made = new LinkedHashMap<>();
        for (String name : overrides.names(Settings.EXECUTOR)) {
            if (!executors.containsKey(name)) {
                collect(problems, () -> made.put(name, make(name)));
            }
        }
        executors.putAll(made);
    }

    private static void collect(Problems problems, Runnable step) {
        try {
            step.run();
        } catch (ConfigurationException tie) {
            problems.addAll(tie.problems());
        }
    }

    /** The table writes through setters: their calls are forgotten again. */
    private void applyTo(SplitBrainProtectionConfig protection) {
        SetByCode before = new SetByCode();
        before.setTo(protection.setByCode());
        overrides.applyToNamed(Settings.SPLIT_BRAIN, protection, protection.getName(), before::contains, origins);
        protection.setByCode().setTo(before);
    }

    private void applyTo(DurableExecutorConfig executor, boolean isDefault, Origins places) {
        DurableExecutorConfig before = new DurableExecutorConfig(executor.getName());
        before.takeSetByCode(executor);
        overrides.applyToMatching(
                Settings.EXECUTOR, executor, executor.getName(), isDefault, before::isSetByCode, places);
        executor.takeSetByCode(before);
    }

    /** What a file says was set by setters, too. */
    void forgetSetters() {
        executors.values().forEach(executor -> executor.takeSetByCode(new DurableExecutorConfig("")));
        protections.values().forEach(protection -> protection.setByCode().setTo(new SetByCode()));
    }

    /** After the sections of the other one were copied into this. */
    void takeSettersOf(NamedSections other) {
        executors.forEach((name, executor) -> {
            DurableExecutorConfig original = other.executors.get(name);
            if (original != null) {
                executor.takeSetByCode(original);
            }
        });
        protections.forEach((name, protection) -> {
            SplitBrainProtectionConfig original = other.protections.get(name);
            if (original != null) {
                protection.setByCode().setTo(original.setByCode());
            }
        });
    }
}
