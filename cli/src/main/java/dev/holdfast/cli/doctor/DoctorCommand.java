package dev.holdfast.cli.doctor;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Style;
import dev.holdfast.cli.doctor.Check.Status;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.admin.TaskView.LiveNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast doctor}. */
@Command(
        name = "doctor",
        description =
                "Look at everything around a node that could get in its way - JVM, disk, file system, clock, limits,"
                        + " data directory, configuration - and say what is wrong and what to do. A running node is not disturbed;"
                        + " its limits are looked at in place of this process's.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "-o ids prints the names of the checks that are not ok.",
            "",
            "Exit codes:",
            "  0  no problem, maybe warnings",
            "  1  a problem: a node does not start, or does not keep what it promises",
            "  2  wrong usage"
        })
public final class DoctorCommand implements Callable<Integer> {

    private static final Listing<Check> CHECKS = new Listing<>("No checks", Check::id, Check::document)
            .column(
                    "STATUS",
                    check -> new Cell(check.status().word(), check.status().style()))
            .column("CHECK", Check::id)
            .column("VALUE", Check::value);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Data directory of a node, or the one that it will make; default: the configuration's, else"
                    + " ./holdfast-data.")
    private @Nullable Path data;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() throws InterruptedException {
        Patient patient = patient();
        List<Check> checks = examine(patient, SystemFiles.REAL);
        long problems = count(checks, Status.PROBLEM);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("directory", patient.directory().toString());
        document.put("process", patient.processName());
        document.put("ok", problems == 0);
        document.put("problems", problems);
        document.put("warnings", count(checks, Status.WARNING));
        document.put("checks", checks.stream().map(Check::document).toList());
        output.document(
                document,
                checks.stream().filter(check -> check.status() != Status.OK).map(Check::id),
                () -> print(checks));
        return problems == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private static long count(List<Check> checks, Status status) {
        return checks.stream().filter(check -> check.status() == status).count();
    }

    private Patient patient() {
        Config config = new Config();
        String mistakes = null;
        try {
            config = Config.loadDefault();
        } catch (ConfigurationException e) {
            mistakes = e.getMessage();
        }
        Path chosen = data == null ? config.getStorageConfig().getDirectory() : data;
        Path directory = chosen.toAbsolutePath().normalize();
        return new Patient(directory, config, mistakes, liveNode(directory));
    }

    private static Optional<LiveNode> liveNode(Path directory) {
        try (TaskView view = AdminClient.connect(directory)) {
            return view.node();
        } catch (IOException | RuntimeException nobodyAnswers) {
            return Optional.empty();
        }
    }

    static List<Check> examine(Patient patient, SystemFiles system) throws InterruptedException {
        Path place = patient.directory();
        while (!Files.isDirectory(place) && place.getParent() != null) {
            place = place.getParent();
        }
        List<Check> checks = new ArrayList<>(new JvmChecks(system, patient).run());
        checks.addAll(new DirectoryChecks(system, patient).run());
        checks.addAll(new FileSystemChecks(patient, place).run());
        checks.addAll(new DiskChecks(patient, place).run());
        checks.addAll(new ClockChecks(system, patient).run());
        checks.addAll(new LimitChecks(system, patient).run());
        checks.add(new ConfigurationCheck(patient, Path.of("")).run());
        return checks;
    }

    private void print(List<Check> checks) {
        output.table(checks.stream(), CHECKS);
        PrintWriter out = output.out();
        boolean colour = output.terminal().colour();
        for (Check check : checks) {
            String remedy = check.remedy();
            if (remedy == null) {
                continue;
            }
            out.println();
            out.println(check.status().style().on(colour, check.status().word()) + " "
                    + Style.HEADING.on(colour, check.id()) + (check.status() == Status.OK ? "" : ": " + check.value()));
            if (check.wrong() != null) {
                print(out, "What is wrong: ", check.wrong());
                print(out, "What to do:    ", remedy);
            } else {
                print(out, "Note: ", remedy);
            }
        }
        out.println();
        long problems = count(checks, Status.PROBLEM);
        long warnings = count(checks, Status.WARNING);
        String summary = checks.size() + " checks, " + problems + " problems, " + warnings + " warnings";
        out.println((problems > 0 ? Status.PROBLEM : warnings > 0 ? Status.WARNING : Status.OK)
                .style()
                .on(colour, summary));
    }

    /** Wrapped where the terminal ends; a line of its own stays one, for it may be a command to copy. */
    private void print(PrintWriter out, String heading, String text) {
        int columns = output.terminal().columns();
        String pad = " ".repeat(heading.length() + 2);
        String before = "  " + heading;
        for (String line : text.lines().toList()) {
            StringBuilder current = new StringBuilder(before);
            int words = 0;
            for (String word : line.startsWith(" ") ? List.of(line) : List.of(line.split(" "))) {
                if (words > 0 && current.length() + 1 + word.length() > columns) {
                    out.println(current);
                    current = new StringBuilder(pad);
                    words = 0;
                }
                current.append(words == 0 ? "" : " ").append(word);
                words++;
            }
            out.println(current);
            before = pad;
        }
    }
}
