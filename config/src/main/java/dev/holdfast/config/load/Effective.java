package dev.holdfast.config.load;

import dev.holdfast.config.Config;
import dev.holdfast.config.EffectiveSetting;
import dev.holdfast.config.EffectiveSetting.Given;
import dev.holdfast.config.SettingSource;
import dev.holdfast.config.Surroundings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists every setting of a configuration with its value, where that is from, and what it won over. */
public final class Effective {
    /** Its named sections are made on demand, with the defaults. */
    private final Config defaults = new Config(Surroundings.none());

    private final Origins origins;
    private final List<EffectiveSetting> list = new ArrayList<>();

    private Effective(Origins origins) {
        this.origins = origins;
    }

    /** In the order of the table. */
    public static List<EffectiveSetting> of(Config config, Origins origins) {
        Effective effective = new Effective(origins);
        effective.section(Settings.ROOT, config, effective.defaults, "");
        return List.copyOf(effective.list);
    }

    private <C> void section(Section<C> section, C config, C unset, String prefix) {
        for (SettingKey<C, ?> key : section.keys()) {
            list.add(setting(prefix + key.name(), key.print(config), key.print(unset)));
        }
        for (Section.Part<C, ?> part : section.parts()) {
            part(part, config, unset, prefix);
        }
    }

    private <P, C> void part(Section.Part<P, C> part, P config, P unset, String prefix) {
        part.all().apply(config).forEach((name, one) -> {
            String path = prefix + part.section().name() + (part.named() ? "." + name : "");
            section(part.section(), one, part.create().apply(unset, name), path + ".");
        });
    }

    private EffectiveSetting setting(String path, @Nullable String value, @Nullable String unset) {
        List<Given> given = new ArrayList<>(origins.given(path));
        given.add(0, new Given(unset, SettingSource.DEFAULT, "built in"));
        if (!Objects.equals(given.get(given.size() - 1).value(), value)) {
            given.add(new Given(value, SettingSource.PROGRAM, SettingSource.PROGRAM.words()));
        }
        Collections.reverse(given);
        given.replaceAll(one -> new Given(Secrets.shown(path, one.value()), one.source(), one.where()));
        Given counts = given.remove(0);
        return new EffectiveSetting(path, counts.value(), counts.source(), counts.where(), given);
    }
}
