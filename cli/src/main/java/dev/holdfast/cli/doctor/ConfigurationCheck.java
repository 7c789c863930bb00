package dev.holdfast.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The configuration that a node would find in the working directory. */
final class ConfigurationCheck {

    private static final List<String> NAMES = List.of("holdfast.xml", "holdfast.yaml", "holdfast.yml");

    private final Patient patient;
    private final Path workingDirectory;

    ConfigurationCheck(Patient patient, Path workingDirectory) {
        this.patient = patient;
        this.workingDirectory = workingDirectory;
    }

    Check run() {
        List<String> found = NAMES.stream()
                .filter(name -> Files.exists(workingDirectory.resolve(name)))
                .toList();
        String value = found.isEmpty()
                ? "no file in the working directory: the defaults of an embedded node"
                : String.join(", ", found) + ", sync="
                        + patient.config().getStorageConfig().getSync() + ", "
                        + patient.config().getPartitionCount() + " partitions";
        String mistakes = patient.configProblem();
        if (mistakes != null) {
            return Check.problem(
                    "configuration",
                    found.isEmpty() ? "in the environment" : String.join(", ", found),
                    mistakes,
                    "correct it: a node with a mistake in its configuration does not start");
        }
        return Check.ok("configuration", value);
    }
}
