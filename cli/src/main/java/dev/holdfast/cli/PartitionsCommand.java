package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Style;
import dev.holdfast.node.remote.ClusterReport;
import dev.holdfast.node.remote.ClusterReport.Copies;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code holdfast partitions}. */
@Command(
        name = "partitions",
        description = "List the partitions: who leads each, and who has copies.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  listed",
            "  2  wrong usage",
            "  4  no such directory, or not a Holdfast data directory",
            "  5  no node runs there, or none answers"
        })
final class PartitionsCommand extends ClusterView {

    @Override
    int show(ClusterReport report, Output out) throws IOException {
        out.list(report.partitions().stream(), listing(report, new ClusterHealth(report)));
        boolean unused = noteWithoutLeader(report, out);
        return ExitCodes.OK;
    }

    private static Listing<Copies> listing(ClusterReport report, ClusterHealth health) {
        return new Listing<Copies>("No partitions", Copies::id, copies -> document(report, health, copies))
                .column("ID", Copies::id)
                .column("STATE", copies -> new Cell(state(report, copies), style(report, copies)))
                .column("PRIMARY", copies -> dash(primary(report, copies)))
                .detail("EPOCH", Copies::epoch)
                .column("IN SYNC", copies -> dash(String.join(", ", names(report, copies.inSync()))))
                .detail("LEARNERS", copies -> dash(String.join(", ", names(report, copies.learners()))))
                .detail("ELIGIBLE", copies -> dash(String.join(", ", names(report, copies.eligible()))))
                .detail("PROBLEM", copies -> dash(health.problemOf(copies)));
    }

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    static String state(ClusterReport report, Copies copies) {
        return switch (report.health(copies)) {
            case HEALTHY -> "healthy";
            case DEGRADED -> "degraded";
            case WITHOUT_LEADER -> "no leader";
        };
    }

    private static Style style(ClusterReport report, Copies copies) {
        return switch (report.health(copies)) {
            case HEALTHY -> Style.GOOD;
            case DEGRADED -> Style.WARNING;
            case WITHOUT_LEADER -> Style.BAD;
        };
    }

    private static String primary(ClusterReport report, Copies copies) {
        return copies.primary().isEmpty() ? "" : report.nameOf(copies.primary());
    }

    private static List<String> names(ClusterReport report, List<String> ids) {
        return ids.stream().map(report::nameOf).toList();
    }

    private static Map<String, Object> document(ClusterReport report, ClusterHealth health, Copies copies) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", copies.id());
        document.put("state", state(report, copies));
        if (!copies.primary().isEmpty()) {
            document.put("primary", primary(report, copies));
        }
        document.put("epoch", copies.epoch());
        document.put("inSync", names(report, copies.inSync()));
        document.put("learners", names(report, copies.learners()));
        document.put("eligible", names(report, copies.eligible()));
        String problem = health.problemOf(copies);
        if (!problem.isEmpty()) {
            document.put("problem", problem);
        }
        return document;
    }
}
