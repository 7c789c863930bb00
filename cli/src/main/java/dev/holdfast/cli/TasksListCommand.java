package dev.holdfast.cli;

import dev.holdfast.cli.console.Cell;
import dev.holdfast.cli.console.Listing;
import dev.holdfast.cli.console.Output;
import dev.holdfast.cli.console.Watch;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskSelection;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            "  3  refused: another process that is no node holds the directory",
            "  4  no such directory, or not a Holdfast data directory",
            "  5  the node or the cluster does not answer, or nobody leads a partition: what others have is listed"
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

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private TaskFilter filter;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Watch watch;

    @Override
    public Integer call() throws IOException {
        TaskSelection selection = filter.selection();
        return watch.show(output, target, () -> list(selection));
    }

    private int list(TaskSelection selection) throws IOException {
        try (TaskView view = target.open("holdfast tasks list");
                Stream<SeenTask> tasks = view.tasks(selection)) {
            output.list(tasks, TASKS);
            return Damage.report(view, output);
        }
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }
}
