package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.ImportNote;
import dev.holdfast.config.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code holdfast config convert}. */
@Command(
        name = "convert",
        description = "Print the executors and protections of a file in Hazelcast's XML format as Holdfast has them.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "What is left out, and what means something else, goes to the standard error.",
            "Exit codes:",
            "  0  done",
            "  2  wrong usage, or mistakes in the file: all of them are printed",
            "  4  the file does not exist"
        })
final class ConfigConvertCommand implements Callable<Integer> {

    /** How it is printed. */
    enum Form {
        YAML,
        XML
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE", description = "hazelcast.xml")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Path file;

    @Option(names = "--to", paramLabel = "FORM", description = "yaml (default) or xml.")
    private Form form = Form.YAML;

    /** Of the file alone: what a variable says here must not get into another file. */
    @Override
    public Integer call() throws IOException {
        ConfigFile.requireExists(file);
        Config config;
        try (InputStream in = Files.newInputStream(file)) {
            config = Config.fromHazelcastXml(in, Surroundings.none());
        } catch (ConfigurationException mistakes) {
            throw new CommandFailure(ExitCodes.USAGE, "In " + file + ": " + mistakes.getMessage(), mistakes);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(form == Form.XML ? config.toXml() : config.toYaml());
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        if (!config.importNotes().isEmpty()) {
            err.println("In " + file + ":");
        }
        for (ImportNote note : config.importNotes()) {
            err.println(note);
        }
        err.flush();
        return ExitCodes.OK;
    }
}
