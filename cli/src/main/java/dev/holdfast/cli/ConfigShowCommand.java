package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Style;
import dev.holdfast.config.EffectiveSetting;
import dev.holdfast.config.EffectiveSetting.Given;
import dev.holdfast.config.SettingSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast config show}. */
@Command(
        name = "show",
        description = "Show every setting with the value that counts, where that is from, and what it overrides.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  done",
            "  2  wrong usage, or mistakes in the configuration: all of them are printed",
            "  4  the file does not exist"
        })
final class ConfigShowCommand implements Callable<Integer> {

    private static final String NONE = "none";

    private static final Listing<EffectiveSetting> SETTINGS = new Listing<>(
                    "Nothing is given: all settings have their defaults",
                    EffectiveSetting::setting,
                    ConfigShowCommand::document)
            .column("SETTING", EffectiveSetting::setting)
            .column("VALUE", setting -> new Cell(value(setting), style(setting)))
            .column("FROM", setting -> new Cell(from(setting), style(setting)))
            .detail("OVERRIDES", ConfigShowCommand::overrides);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private ConfigFile file;

    @Option(names = "--given", description = "Only what the file, a variable or a property says, no defaults.")
    private boolean given;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() {
        Stream<EffectiveSetting> settings = file.load().settings().stream();
        output.list(given ? settings.filter(one -> one.source() != SettingSource.DEFAULT) : settings, SETTINGS);
        return ExitCodes.OK;
    }

    private static String value(EffectiveSetting setting) {
        String value = Objects.requireNonNullElse(setting.value(), NONE);
        return value.isEmpty() ? "(empty)" : value;
    }

    private static Style style(EffectiveSetting setting) {
        return setting.source() == SettingSource.DEFAULT
                ? Style.QUIET
                : setting.isSurprising() ? Style.WARNING : Style.PLAIN;
    }

    private static String from(EffectiveSetting setting) {
        return setting.source() == SettingSource.DEFAULT ? "default" : setting.where();
    }

    /** The default is no news. */
    private static String overrides(EffectiveSetting setting) {
        String others = setting.overridden().stream()
                .filter(one -> one.source() != SettingSource.DEFAULT)
                .map(Given::toString)
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "-" : others;
    }

    private static Map<String, ?> document(EffectiveSetting setting) {
        Map<String, Object> document = document(setting.value(), setting.source(), setting.where());
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("setting", setting.setting());
        whole.putAll(document);
        whole.put(
                "overrides",
                setting.overridden().stream()
                        .map(one -> document(one.value(), one.source(), one.where()))
                        .toList());
        return whole;
    }

    private static Map<String, Object> document(@Nullable String value, SettingSource source, String where) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("value", value);
        document.put("source", source.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        document.put("where", where);
        return document;
    }
}
