package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Fields;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.remote.ClusterReport;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code holdfast status}. */
@Command(
        name = "status",
        description = "Whether a node, or the cluster that it is in, is well; what is wrong, and what to do.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  nothing is wrong",
            "  1  something is wrong: it is said what",
            "  2  wrong usage",
            "  4  no such directory, or not a Holdfast data directory",
            "  5  no node runs there, or none answers"
        })
final class StatusCommand extends ClusterView {

    @Override
    int show(ClusterReport report, Output out) throws IOException {
        ClusterHealth health = new ClusterHealth(report);
        Map<String, Object> document = health.document();
        out.document(document, Stream.of(document.get("nodeId")), () -> Fields.print(out.out(), document));
        return health.problems().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
