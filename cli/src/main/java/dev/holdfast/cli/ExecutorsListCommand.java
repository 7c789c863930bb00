package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.node.admin.SeenExecutor;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code holdfast executors list}. */
@Command(
        name = "list",
        description = "List executors with what they hold. Counts of ended tasks go back to an executor's first task.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  done, also when there is none",
            "  1  a partition is damaged: what is in it is not counted",
            "  2  wrong usage",
            "  3  refused: another process holds the directory",
            "  4  no such directory, or not a Holdfast data directory",
            "  5  the node does not answer"
        })
final class ExecutorsListCommand implements Callable<Integer> {

    static final Listing<SeenExecutor> EXECUTORS = new Listing<SeenExecutor>(
                    "No executors", SeenExecutor::name, ExecutorDocuments::summary)
            .column("NAME", SeenExecutor::name)
            .column("STATE", executor -> new Cell(executor.state(), ExecutorDocuments.style(executor)))
            .column("RUNNING", SeenExecutor::running)
            .column("WAITING", SeenExecutor::waiting)
            .column("HELD", SeenExecutor::held)
            .detail("RESULTS", SeenExecutor::results)
            .detail("COMPLETED", executor -> executor.counters().completed())
            .detail("FAILED", executor -> executor.counters().failed())
            .detail("CANCELLED", executor -> executor.counters().cancelled())
            .detail("EVICTED", executor -> executor.counters().evicted());

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
        return watch.show(output, target, this::list);
    }

    private int list() throws IOException {
        try (TaskView view = target.open("holdfast executors list")) {
            output.list(view.executors().stream(), EXECUTORS);
            return Damage.report(view, output);
        }
    }
}
