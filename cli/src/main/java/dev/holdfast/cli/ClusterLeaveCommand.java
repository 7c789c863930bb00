package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.Confirmation;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.AdminFailure;
import dev.holdfast.node.admin.ClusterOrder;
import dev.holdfast.node.remote.ClusterReport;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code holdfast cluster leave}. */
@Command(
        name = "leave",
        description = {
            "Have the node of a data directory hand its copies over to others, and be a member no more.",
            "It goes on working until then; stop it afterwards. It comes back with an empty directory only.",
            "Once ordered it can not be taken back, so it asks; where there is no terminal to ask on, it takes --yes."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  it is a member no more",
            "  1  not in time; it goes on leaving, and the command is to be repeated",
            "  2  wrong usage",
            "  3  refused: the node is in no cluster, or nobody confirmed",
            "  4  no such directory",
            "  5  no node runs there, or it does not answer"
        })
final class ClusterLeaveCommand implements Callable<Integer> {

    /** Of one request: admin.sock is not silent for longer. */
    private static final long SLICE_MILLIS = 5_000;

    private static final long PAUSE_MILLIS = 500;

    /** Between two lines on how far it is. */
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String MARKED =
            ". Once the cluster has the mark of it, it stays and can not be taken back, by a restart either: the node"
                    + " gets no copies any more, hands over those that it has, works meanwhile, and is a member until this"
                    + " command is given again and comes to its end";

    /** As good as for ever. */
    private static final Duration LONGEST = Duration.ofDays(365);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "For how long others may take to copy what it has: 30s, 10m; default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String wait;

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
    public Integer call() throws IOException, InterruptedException {
        Duration longest = TaskFilter.duration(spec, "--wait", wait);
        long end = System.nanoTime() + (longest.compareTo(LONGEST) > 0 ? LONGEST : longest).toNanos();
        try (AdminClient member = target.member()) {
            confirm(member.report());
            long told = System.nanoTime();
            while (true) {
                long slice = TimeUnit.NANOSECONDS.toMillis(Math.max(0, end - System.nanoTime()));
                try {
                    int millis = Math.toIntExact(Math.min(SLICE_MILLIS, slice));
                    print(member.order(ClusterOrder.leave(Target.operator(), millis)));
                    return ExitCodes.OK;
                } catch (AdminFailure failure) {
                    boolean mayCome = failure.reason() == AdminFailure.Reason.FAILED;
                    if (!mayCome || System.nanoTime() - end >= 0) {
                        throw new CommandFailure(
                                mayCome ? ExitCodes.FAILED : ExitCodes.REFUSED,
                                failure.getMessage() + (mayCome ? MARKED : ""),
                                failure);
                    }
                    if (System.nanoTime() - told >= TELL_NANOS) {
                        told = System.nanoTime();
                        output.note(progress(member.report()));
                    }
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS); // it may have failed at once
                }
            }
        }
    }

    /** A node that is leaving already, or is in no cluster, is told what becomes of it without a question. */
    private void confirm(ClusterReport report) throws IOException {
        boolean stays =
                report.member(report.node()).filter(member -> !member.leaving()).isPresent();
        if (!yes && stays && !report.cluster().isEmpty()) {
            Confirmation.ask(
                    question(report),
                    "see what it means, and add --yes",
                    spec.commandLine().getErr());
        }
    }

    /** What is to be copied, who could take it, and how many copies there are afterwards. */
    static String question(ClusterReport report) {
        List<String> others = report.members().stream()
                .filter(member -> !member.id().equals(report.node()) && member.holdsReplicas() && !member.leaving())
                .map(member -> member.name() + (member.present() ? "" : " (not seen)"))
                .toList();
        int after = Math.min(report.copiesWanted(), others.size());
        String copies = after < report.copiesWanted()
                ? "of each partition " + report.copiesWanted() + " copies are wanted now, and " + after + " afterwards"
                : "of each partition " + after + " copies are wanted afterwards, as now";
        return "Have " + report.nameOf(report.node()) + " leave for good: it has copies of " + held(report)
                + " partitions, "
                + (others.isEmpty()
                        ? "and there is nobody who could take them, so that it can not come to an end"
                        : "which go to " + String.join(", ", others) + " as far as they have none; " + copies)
                + "; it can not be taken back";
    }

    private static String progress(ClusterReport report) {
        return "Still leaving: it has copies of " + held(report) + " partitions yet"
                + (report.leader() == null
                        ? "; no leader of the control plane is known, and without one it does not go on"
                        : "");
    }

    private static long held(ClusterReport report) {
        return report.partitions().stream()
                .filter(copies -> copies.replicas().contains(report.node()))
                .count();
    }

    private void print(String done) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("outcome", done);
        output.document(document, Stream.of(), () -> output.out().println(done));
    }
}
