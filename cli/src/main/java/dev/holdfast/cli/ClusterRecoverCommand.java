package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.admin.NodeUnreachableException;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import dev.holdfast.node.remote.ClusterReport.Health;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast cluster recover}. */
@Command(
        name = "recover",
        description = {
            "Have partitions go on that nobody leads, with what a survivor has, when those who have more are gone for"
                    + " good.",
            "Without --accept-data-loss it changes nothing: it says who has what, and what would be lost.",
            "Goes through the data directory of a running member alone: its file permissions say who may order it."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  done; or there is nothing to recover",
            "  1  it was tried and not decided, of one partition at least; or nobody knows, for the control plane has"
                    + " no leader",
            "  2  wrong usage; or said what would be lost, and nothing was done",
            "  3  refused: the partition has a leader, the table has changed meanwhile, or the survivor is not seen or"
                    + " not best",
            "  4  no such partition, member or directory",
            "  5  no node runs there, or it does not answer (any more: the table says of which partitions)"
        })
final class ClusterRecoverCommand implements Callable<Integer> {

    /** Begins what is said of a partition that is left alone, and needs a decision. */
    private static final String REFUSING = "NOT done: ";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(names = "--accept-data-loss", description = "Do it: what only the missing have is lost for good.")
    private boolean accepted;

    @ArgGroup
    private @Nullable Which which;

    /** Which partitions. */
    static final class Which {
        @Option(names = "--partition", paramLabel = "N", description = "Of this partition; may be repeated.")
        private List<Integer> partitions = new ArrayList<>();

        @Option(
                names = "--all",
                description = "Of every partition that nobody leads, and nobody who is seen is about to.")
        @SuppressWarnings("UnusedVariable") // that no partition is named says the same
        private boolean all;
    }

    @Option(
            names = "--survivor",
            paramLabel = "NODE",
            description = "Name or id of the member whose copy counts; default: the one that is seen and has most.")
    private @Nullable String survivor;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    /** A partition, who could go on with it, and what became of it. */
    static final class Step {
        final Copies copies;
        final SurvivorChoice choice;

        /** Not null before it is ordered: it is left alone. */
        @Nullable
        String done;

        Step(Copies copies, SurvivorChoice choice) {
            this.copies = copies;
            this.choice = choice;
        }
    }

    @Override
    public Integer call() throws IOException {
        if (accepted && which == null) {
            throw new ParameterException(spec.commandLine(), "Of which partitions? --partition N, or --all");
        }
        try (AdminClient member = target.member()) {
            ClusterReport report = member.report();
            boolean leaderless = ClusterView.noteWithoutLeader(report, output);
            List<Step> steps =
                    chosen(report).stream().map(copies -> step(report, copies)).toList();
            if (steps.isEmpty()) {
                output.list(steps.stream(), listing(report));
                return leaderless ? ExitCodes.FAILED : ExitCodes.OK;
            }
            if (accepted) {
                boolean none = steps.stream().allMatch(step -> step.done != null);
                int exitCode = order(member, report, steps);
                return none && leaderless ? Math.max(exitCode, ExitCodes.FAILED) : exitCode;
            }
            output.list(steps.stream(), listing(report));
            output.note("Nothing was done. With --accept-data-loss, and --partition N or --all, what the survivor has"
                    + " counts from then on; what only others have is lost, also when they come back.");
            return ExitCodes.USAGE;
        }
    }

    private boolean areNamed() {
        return which != null && !which.partitions.isEmpty();
    }

    private Step step(ClusterReport report, Copies copies) {
        String leftAlone = areNamed() ? null : whyLeftAlone(report, copies);
        Step step =
                new Step(copies, SurvivorChoice.of(report, copies, leftAlone == null ? survivor : null, areNamed()));
        step.done = accepted ? leftAlone : null;
        return step;
    }

    /** Of all that nobody leads: null if it is one that has to be given up in part. */
    static @Nullable String whyLeftAlone(ClusterReport report, Copies copies) {
        if (copies.problem() != null) {
            return REFUSING + report.nameOf(report.node()) + " refuses it; to accept the loss name it: --partition "
                    + copies.id();
        }
        List<String> atHand = copies.inSync().stream().filter(report::isSeen).toList();
        return atHand.isEmpty()
                ? null
                : "left alone: " + String.join(", ", names(report, atHand))
                        + " has everything and is seen, and takes over in seconds";
    }

    private List<Copies> chosen(ClusterReport report) {
        if (which == null || which.partitions.isEmpty()) {
            return report.partitions().stream()
                    .filter(copies -> report.health(copies) == Health.WITHOUT_LEADER)
                    .toList();
        }
        return which.partitions.stream()
                .map(number -> partition(report, number))
                .toList();
    }

    private static Copies partition(ClusterReport report, int number) {
        Copies found = report.partitions().stream()
                .filter(copies -> copies.id() == number)
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCodes.NOT_FOUND,
                        "No such partition: --partition=" + number + ", partitions="
                                + report.partitions().size()));
        if (report.health(found) != Health.WITHOUT_LEADER) {
            throw new CommandFailure(
                    ExitCodes.REFUSED,
                    "The partition has a leader, nothing has to be given up: --partition=" + number + ", primary="
                            + report.nameOf(found.primary()));
        }
        return found;
    }

    private int order(AdminClient member, ClusterReport report, List<Step> steps) {
        for (Step step : steps) { // before the first is done
            if (step.done == null && step.choice.chosen() == null) {
                throw new CommandFailure(
                        ExitCodes.USAGE,
                        "Which copy counts? Nothing was done: partition=" + step.copies.id() + ", " + step.choice.why()
                                + "; say it with --survivor NODE");
            }
        }
        int exitCode = carryOut(steps, member::order);
        output.list(steps.stream(), listing(report));
        return exitCode;
    }

    /** What came of each is in {@link Step#done}, also where the node stops answering in between. */
    static int carryOut(List<Step> steps, Function<ClusterOrder, String> member) {
        int exitCode = ExitCodes.OK;
        for (Step step : steps) {
            String leftAlone = step.done;
            if (leftAlone != null) {
                exitCode = Math.max(exitCode, leftAlone.startsWith(REFUSING) ? ExitCodes.REFUSED : ExitCodes.OK);
                continue;
            }
            if (exitCode == ExitCodes.UNREACHABLE) {
                step.done = "NOT done: the node did not answer";
                continue;
            }
            try {
                step.done = member.apply(ClusterOrder.recover(
                        step.copies.id(),
                        step.copies.epoch(),
                        String.valueOf(step.choice.chosen()),
                        Target.operator()));
            } catch (AdminFailure failure) {
                step.done = "NOT done: " + failure.getMessage();
                exitCode = failure.reason() == AdminFailure.Reason.REFUSED
                        ? Math.max(exitCode, ExitCodes.REFUSED)
                        : Math.max(exitCode, ExitCodes.FAILED);
            } catch (NodeUnreachableException silent) {
                step.done = "NOT known, it may have been done: " + silent.getMessage();
                exitCode = ExitCodes.UNREACHABLE;
            }
        }
        return exitCode;
    }

    private static Listing<Step> listing(ClusterReport report) {
        return new Listing<Step>(
                        report.leader() == null && !report.cluster().isEmpty()
                                ? "Whether there is anything to recover is not known"
                                : "Nothing to recover: every partition has a leader",
                        step -> step.copies.id(),
                        step -> document(report, step))
                .column("PARTITION", step -> step.copies.id())
                .column("IN SYNC", step -> seen(report, step.copies.inSync()))
                .column("ELIGIBLE", step -> seen(report, step.copies.eligible()))
                .column("LEARNERS", step -> seen(report, step.copies.learners()))
                .column("SURVIVOR", step -> survivor(report, step))
                .column("WHAT", step -> step.done == null ? step.choice.why() : step.done);
    }

    private static String survivor(ClusterReport report, Step step) {
        String chosen = step.choice.chosen();
        return chosen == null ? "?" : report.nameOf(chosen);
    }

    private static String seen(ClusterReport report, List<String> ids) {
        List<String> names = ids.stream()
                .map(id -> report.nameOf(id) + (report.isSeen(id) ? "" : " (not seen)"))
                .toList();
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    private static Map<String, Object> document(ClusterReport report, Step step) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("partition", step.copies.id());
        document.put("epoch", step.copies.epoch());
        document.put("inSync", names(report, step.copies.inSync()));
        document.put("eligible", names(report, step.copies.eligible()));
        document.put("learners", names(report, step.copies.learners()));
        if (step.choice.chosen() != null) {
            document.put("survivor", survivor(report, step));
        }
        document.put("loss", step.choice.why());
        String done = step.done;
        if (done != null) {
            document.put("outcome", done);
        }
        return document;
    }

    private static List<String> names(ClusterReport report, List<String> ids) {
        return ids.stream().map(report::nameOf).toList();
    }
}
