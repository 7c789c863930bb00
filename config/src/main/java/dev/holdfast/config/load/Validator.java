package dev.holdfast.config.load;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import java.util.List;

/** Checks every value of a configuration against the table, then the relations between them. */
public final class Validator {
    private final Origins origins;
    private final Problems problems;

    private Validator(Origins origins, Problems problems) {
        this.origins = origins;
        this.problems = problems;
    }

    /** Adds what is wrong between the values; not for a file that could not be read to its end. */
    public static void checkRelations(Config config, Origins origins, Problems problems) {
        new Relations(config, origins, problems).check();
    }

    /** Adds every value that is wrong by itself and not among the problems yet. */
    public static void checkValues(Config config, Origins origins, Problems problems) {
        new Validator(origins, problems).section(Settings.ROOT, config, "");
    }

    /** Adds what is wrong between the values of a client. */
    public static void checkRelations(ClientConfig client, Problems problems) {
        Relations.ofClient(client, problems);
    }

    /** Checks one section by itself. */
    public static <C> void check(Section<C> section, C config, Problems problems) {
        new Validator(new Origins(), problems).section(section, config, "");
    }

    private <C> void section(Section<C> section, C config, String prefix) {
        for (SettingKey<C, ?> key : section.keys()) {
            check(key, config, prefix + key.name());
        }
        for (Section.Part<C, ?> part : section.parts()) {
            part(part, config, prefix);
        }
    }

    private <P, C> void part(Section.Part<P, C> part, P config, String prefix) {
        String path = prefix + part.section().name();
        part.all().apply(config).forEach((name, one) -> {
            String onePath = part.named() ? path + "." + name : path;
            boolean nameless = name.isEmpty() && problems.concerns(path);
            if (part.named() && !nameless && !Allowed.SERVICE_NAME.admits(name)) {
                String allowed = Allowed.SERVICE_NAME.describe();
                problems.add(origins.whereOf(onePath), path + ".name", name, "not a name", allowed, null);
            }
            section(part.section(), one, onePath + ".");
        });
    }

    private <C, V> void check(SettingKey<C, V> key, C config, String path) {
        V value = key.getter().get(config);
        if (value == null || key.limit().admits(value) || problems.concerns(path)) {
            return;
        }
        String printed = key.type().print(value);
        if (value instanceof List<?> items && key.limit() instanceof Limit.Each each) {
            items(items, each, path, printed);
        } else {
            problems.add(origins.whereOf(path, printed), path, printed, "not allowed", key.allowed(), null);
        }
    }

    private void items(List<?> items, Limit.Each each, String path, String printed) {
        if (!each.admitsCount(items.size())) {
            String count = items.size() + " items";
            problems.add(origins.whereOf(path, printed), path, count, "too few or too many", each.describe(), null);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            String item = String.valueOf(items.get(i));
            String itemPath = path + "[" + i + "]";
            if (!each.item().admits(item)) {
                problems.add(
                        origins.whereOf(itemPath, item),
                        itemPath,
                        item,
                        "not allowed",
                        each.item().describe(),
                        null);
            }
        }
    }
}
