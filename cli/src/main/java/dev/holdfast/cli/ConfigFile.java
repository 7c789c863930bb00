package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The configuration that a command is about: a file, or what a node would start with here. A mixin. */
final class ConfigFile {

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description =
                    "XML or YAML; default: holdfast.xml or holdfast.yaml in the working directory, else the defaults.")
    private @Nullable Path file;

    /**
     * With what environment variables and system properties say.
     *
     * @throws ConfigurationException naming every mistake
     */
    Config load() {
        if (file == null) {
            return Config.loadDefault().validate();
        }
        requireExists(file);
        return Config.load(file);
    }

    static void requireExists(Path file) {
        if (!Files.exists(file)) {
            throw new CommandFailure(ExitCodes.NOT_FOUND, "No such configuration file: file=" + file.toAbsolutePath());
        }
    }

    /** For people. */
    @Override
    public String toString() {
        return file == null ? "the configuration of this directory" : file.toString();
    }
}
