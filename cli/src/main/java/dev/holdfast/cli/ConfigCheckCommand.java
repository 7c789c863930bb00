package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.EffectiveSetting;
import dev.holdfast.config.Problem;
import dev.holdfast.config.SettingSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code holdfast config check}. */
@Command(
        name = "check",
        description = "Find every mistake in a configuration, in environment variables and in system properties.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "With -o json or yaml the mistakes are the answer, a list; else they go to the standard error.",
            "Exit codes:",
            "  0  no mistake",
            "  2  wrong usage, or mistakes: all of them are told",
            "  4  the file does not exist"
        })
final class ConfigCheckCommand implements Callable<Integer> {

    private static final Listing<Problem> PROBLEMS =
            new Listing<>("No mistakes", Problem::setting, ConfigCheckCommand::document);

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private ConfigFile file;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() {
        List<EffectiveSetting> settings;
        try {
            settings = file.load().settings();
        } catch (ConfigurationException mistakes) {
            if (output.isTable()) {
                throw mistakes;
            }
            output.list(mistakes.problems().stream(), PROBLEMS);
            return ExitCodes.USAGE;
        }
        if (!output.isTable()) {
            output.list(Stream.<Problem>empty(), PROBLEMS);
            return ExitCodes.OK;
        }
        long given = settings.stream()
                .filter(setting -> setting.source() != SettingSource.DEFAULT)
                .count();
        output.out().println("No mistakes in " + file + ": settings=" + settings.size() + ", given=" + given);
        output.out().flush();
        return ExitCodes.OK;
    }

    private static Map<String, ?> document(Problem problem) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("where", problem.where());
        document.put("setting", problem.setting());
        document.put("value", problem.value());
        document.put("what", problem.what());
        document.put("allowed", problem.allowed());
        document.put("suggestion", problem.suggestion());
        return document;
    }
}
