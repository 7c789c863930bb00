package dev.holdfast.cli;

import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code holdfast tasks list}. */
@Command(
        name = "list",
        description = "List tasks and results, oldest first.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0  done, also when no task matches",
            "  1  a partition is damaged: what is left is listed",
            "  2  wrong usage",
            "  3  refused: another process holds the directory and answers nothing",
            "  4  no such directory, or not a Holdfast data directory"
        })
final class TasksListCommand implements Callable<Integer> {

    private static final Listing<SeenTask> TASKS = new Listing<>("No tasks", SeenTask::taskId, TaskDocuments::summary)
            .column("ID", SeenTask::taskId)
            .column("STATE", task -> new Cell(task.state(), StateStyle.of(task.state())))
            .detail("ATTEMPT", SeenTask::attempt)
            .column("EXECUTOR", SeenTask::executor)
            .detail("TYPE", task -> simpleName(task.spec().typeName()))
            .detail("LABEL", task -> Objects.requireNonNullElse(task.info().label(), "-"))
            .detail("SUBMITTED", task -> task.info().submittedAt().truncatedTo(ChronoUnit.SECONDS))
            .detail("FAILURE", task -> Objects.requireNonNullElse(task.info().failure(), "-"));

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            split = ",",
            description = "Only these states, by comma: ${COMPLETION-CANDIDATES}."
                    + " Of a stopped node none is RUNNING: what was, is PENDING again.")
    private List<TaskState> states = new ArrayList<>();

    @Option(names = "--executor", paramLabel = "NAME", description = "Only this executor's.")
    private @Nullable String executor;

    @Option(names = "--label", paramLabel = "LABEL", description = "Only with exactly this label.")
    private @Nullable String label;

    @Option(names = "--type", paramLabel = "CLASS", description = "Only of this class, with or without its package.")
    private @Nullable String type;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
    private @Nullable Long limit;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Watch watch;

    @Override
    public Integer call() throws IOException {
        TaskQuery query = query();
        return watch.show(output, target, () -> list(query));
    }

    private int list(TaskQuery query) throws IOException {
        try (TaskView view = target.open("holdfast tasks list");
                Stream<SeenTask> tasks = view.tasks(query, executor)) {
            output.list(tasks, TASKS);
            return Damage.report(view, output) ? ExitCodes.FAILED : ExitCodes.OK;
        }
    }

    private TaskQuery query() {
        TaskQuery query = TaskQuery.all();
        for (TaskState state : states) {
            query = query.state(state);
        }
        query = label == null ? query : query.label(label);
        query = type == null ? query : query.type(type);
        if (limit != null && limit < 0) {
            throw new ParameterException(spec.commandLine(), "--limit=" + limit + ": allowed are 0 and more");
        }
        return limit == null ? query : query.limit(limit);
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
