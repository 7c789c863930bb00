package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code holdfast config schema}. */
@Command(
        name = "schema",
        description = "Print the XML schema of holdfast.xml, for editors: holdfast config schema > holdfast-config.xsd",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit codes:", "  0  done", "  2  wrong usage"})
final class ConfigSchemaCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(Config.xmlSchema());
        spec.commandLine().getOut().flush();
        return ExitCodes.OK;
    }
}
