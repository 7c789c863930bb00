package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Fields;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Watch;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
final class StatusCommand implements Callable<Integer> {

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Watch watch;

    @Override
    public Integer call() throws IOException {
        return watch.show(output, () -> true, this::show);
    }

    private int show() throws IOException {
        ClusterHealth health = new ClusterHealth(target.report());
        Map<String, Object> document = health.document();
        output.document(document, Stream.of(document.get("nodeId")), () -> Fields.print(output.out(), document));
        return health.problems().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
