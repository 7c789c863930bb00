package dev.holdfast.cli;

import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.AdminClient;
import dev.holdfast.node.admin.ClusterOrder;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code holdfast cluster remove}. */
@Command(
        name = "remove",
        description = {
            "End the membership of a node that is gone for good: it gets no copy any more, and counts for nothing.",
            "It comes back with an empty directory only. Refused while it is seen, or may have what nobody else has.",
            "Goes through the data directory of a running member alone."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  it is a member no more",
            "  1  not decided: a majority of the voters has to be up",
            "  2  wrong usage",
            "  3  refused: it is seen, or may have what nobody else has",
            "  4  no such member or directory",
            "  5  no node runs there, or it does not answer"
        })
final class ClusterRemoveCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NODE", description = "Name or id of the member.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String node;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Override
    public Integer call() throws IOException {
        try (AdminClient member = target.member()) {
            String done = member.order(ClusterOrder.remove(node, Target.operator()));
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("node", node);
            document.put("outcome", done);
            output.document(document, Stream.of(node), () -> output.out().println(done));
            return ExitCodes.OK;
        }
    }
}
