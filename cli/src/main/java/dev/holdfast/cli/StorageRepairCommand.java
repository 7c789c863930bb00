package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.Confirmation;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.OutputFormat;
import dev.holdfast.cli.console.Quoting;
import dev.holdfast.cli.console.Style;
import dev.holdfast.cli.console.Table;
import dev.holdfast.storage.verify.Finding;
import dev.holdfast.storage.verify.Repair;
import dev.holdfast.storage.verify.Severity;
import dev.holdfast.storage.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast storage repair}. */
@Command(
        name = "repair",
        description = {
            "Have damaged partitions of a stopped node serve again, with what can still be read of them.",
            "What is damaged goes to the directory's quarantine, whole; nothing is deleted. Says by id what is affected.",
            "In a cluster member's directory a damaged partition is set aside, and learnt again from the others."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Ids that may have been given out and can not be found any more answer LOST. A task that may have ended, its"
                    + " result being lost, is held as QUARANTINED: `tasks retry` runs it again, `tasks discard` gives"
                    + " it up. Copy the directory first: nothing undoes a repair but moving the quarantine back.",
            "",
            "-o ids prints the tasks that are held, and those that are known to be lost.",
            "",
            "Exit codes:",
            "  0  repaired, or with --dry-run could be; or there is nothing to repair",
            "  1  of one partition at least it could not be done, or a file of the node itself is damaged",
            "  2  wrong usage",
            "  3  refused: a node or another process holds the directory, or it was not confirmed",
            "  4  no such directory, or not a Holdfast data directory"
        })
final class StorageRepairCommand implements Callable<Integer> {

    private static final String NAME = "holdfast storage repair";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() throws IOException {
        List<RepairStep> steps = new ArrayList<>();
        try (Repair repair = Repair.open(target.directory(), NAME, dryRun)) {
            VerifyReport report = repair.verify();
            refuseDamageOfTheNode(report);
            repair.unfinished(report).forEach(partition -> steps.add(RepairStep.finish(partition)));
            repair.damaged(report).forEach(partition -> steps.add(RepairStep.of(repair, partition, report)));
            if (!dryRun && !steps.isEmpty()) {
                confirm(steps);
                steps.forEach(step -> step.carryOut(repair));
            }
            if (!dryRun) {
                repair.deleteLeftovers();
            }
            print(repair, steps);
            return exitCode(repair, steps);
        } finally {
            steps.forEach(RepairStep::close);
        }
    }

    private static void refuseDamageOfTheNode(VerifyReport report) {
        for (Finding finding : report.findings()) {
            if (finding.partition() == null && finding.severity() == Severity.DAMAGE) {
                throw new CommandFailure(
                        ExitCodes.FAILED,
                        "A file of the node itself is damaged, nothing was done: " + finding
                                + "; bring it back from a backup of this directory, it can not be told from the logs");
            }
        }
    }

    private void confirm(List<RepairStep> steps) throws IOException {
        if (yes) {
            return;
        }
        if (output.isTable()) {
            printSteps(steps);
        }
        Confirmation.ask(
                "Repair " + steps.size() + (steps.size() == 1 ? " partition" : " partitions"),
                spec.commandLine().getErr());
    }

    private int exitCode(Repair repair, List<RepairStep> steps) throws IOException {
        boolean done = steps.stream().noneMatch(RepairStep::isFailed);
        boolean sound = dryRun || steps.isEmpty() || repair.verify().isSound();
        return done && sound ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void print(Repair repair, List<RepairStep> steps) throws IOException {
        output.document(document(repair, steps), steps.stream().flatMap(RepairStep::ids), () -> printTable(steps));
        if (output.format() != OutputFormat.TABLE) {
            steps.stream()
                    .filter(RepairStep::isFailed)
                    .forEach(step -> output.note("holdfast: partition " + step.partition() + ": " + step.outcome()));
        }
        if (dryRun && !steps.isEmpty()) {
            output.note("Nothing was done: --dry-run");
        } else if (!steps.isEmpty()) {
            for (String hint : hints(repair, steps)) {
                output.note(hint);
            }
        }
    }

    private List<String> hints(Repair repair, List<RepairStep> steps) throws IOException {
        String place = " " + target.option();
        List<String> hints = new ArrayList<>();
        if (steps.stream().anyMatch(RepairStep::holdsTasks)) {
            String list = Quoting.command() + " tasks list --state QUARANTINED" + place;
            hints.add("Tasks that may have ended are held: " + list);
            hints.add("To run them again: " + list + " -o ids | " + Quoting.command() + " tasks retry -" + place);
        }
        if (repair.isOfMember()) {
            hints.add("The node learns the partition again when it is started. Where no other member has a copy, nobody"
                    + " leads it until `" + Quoting.command() + " cluster recover` accepts the loss.");
        }
        return hints;
    }

    private void printTable(List<RepairStep> steps) {
        printSteps(steps);
        long failed = steps.stream().filter(RepairStep::isFailed).count();
        if (!steps.isEmpty()) {
            output.out()
                    .println((dryRun ? "Would be repaired: " : "Repaired: ") + (steps.size() - failed) + " of "
                            + steps.size() + (steps.size() == 1 ? " partition" : " partitions"));
        }
    }

    private void printSteps(List<RepairStep> steps) {
        output.table(
                steps.stream(),
                new Listing<RepairStep>("Nothing to repair", RepairStep::partition, RepairStep::document)
                        .column("PARTITION", RepairStep::partition)
                        .column("RESULTS", step -> step.count(effect -> effect.results()))
                        .column("UNFINISHED", step -> step.count(effect -> effect.unfinished()))
                        .column(
                                "TO HOLD",
                                step -> step.count(effect -> effect.idsHeld().size()))
                        .column("MAY BE LOST", RepairStep::idsThatMayBeLost)
                        .column("WHAT", step -> new Cell(step.outcome(), step.isFailed() ? Style.BAD : Style.GOOD)));
        PrintWriter out = output.out();
        steps.forEach(step -> step.details().forEach(line -> out.println(Table.printable(line))));
    }

    private Map<String, Object> document(Repair repair, List<RepairStep> steps) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("directory", repair.directory().toString());
        document.put("dryRun", dryRun);
        document.put("member", repair.isOfMember());
        document.put("partitions", steps.stream().map(RepairStep::document).toList());
        return document;
    }
}
