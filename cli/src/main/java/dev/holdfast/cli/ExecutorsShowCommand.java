package dev.holdfast.cli;

import dev.holdfast.cli.console.Fields;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.node.admin.SeenExecutor;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code holdfast executors show}. */
@Command(
        name = "show",
        description =
                "Everything about one executor; of a running node also its limits, its latencies, and what it runs.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  shown",
            "  1  a partition is damaged: what is in it is not counted",
            "  2  wrong usage",
            "  3  refused: another process holds the directory",
            "  4  no such executor or directory",
            "  5  the node does not answer"
        })
final class ExecutorsShowCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "Name of the executor.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String name;

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
        return watch.show(output, target, this::show);
    }

    private int show() throws IOException {
        try (TaskView view = target.open("holdfast executors show")) {
            List<SeenExecutor> all = view.executors();
            SeenExecutor executor = all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> ExecutorDocuments.unknown(name, all));
            Map<String, Object> document = ExecutorDocuments.details(executor);
            output.document(document, Stream.of(executor.name()), () -> Fields.print(output.out(), document));
            return Damage.report(view, output);
        }
    }
}
