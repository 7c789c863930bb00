package dev.holdfast.cli;

import dev.holdfast.TaskInfo;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.cli.console.Documents;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.cli.console.OutputFormat;
import dev.holdfast.cli.console.Table;
import dev.holdfast.cli.console.Terminal;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
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

    private static final int SHORTEST_LIST_TO_HOLD = 1_000;

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

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; default: table.")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() throws IOException {
        TaskQuery query = query();
        PrintWriter out = spec.commandLine().getOut();
        try (TaskView view = target.open("holdfast tasks list");
                Stream<SeenTask> tasks = view.tasks(query, executor)) {
            switch (format) {
                case TABLE -> printTable(tasks, out);
                case JSON, YAML -> Documents.printAll(out, format, tasks.map(TaskDocuments::summary));
                case IDS -> printIds(tasks, out);
            }
            out.flush();
            return Damage.report(view, spec.commandLine().getErr()) ? ExitCodes.FAILED : ExitCodes.OK;
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

    /** In runs: the columns of a million tasks are not worth holding them all. */
    private void printTable(Stream<SeenTask> tasks, PrintWriter out) {
        Terminal terminal = Terminal.ofStandardOutput();
        Iterator<SeenTask> all = tasks.iterator();
        if (!all.hasNext()) {
            spec.commandLine().getErr().println("No tasks");
            return;
        }
        boolean first = true;
        while (all.hasNext() && !out.checkError()) {
            Table table = new Table("ID", "STATE", "ATTEMPT", "EXECUTOR", "TYPE", "LABEL", "SUBMITTED", "FAILURE");
            for (int row = 0; row < SHORTEST_LIST_TO_HOLD && all.hasNext(); row++) {
                add(table, all.next().info());
            }
            table.print(out, terminal, first);
            first = false;
        }
    }

    private static void add(Table table, TaskInfo task) {
        table.row(
                task.taskId(),
                task.state(),
                task.attempt(),
                task.executorName(),
                task.typeName().substring(task.typeName().lastIndexOf('.') + 1),
                Objects.requireNonNullElse(task.label(), "-"),
                task.submittedAt().truncatedTo(ChronoUnit.SECONDS),
                Objects.requireNonNullElse(task.failure(), "-"));
    }

    private static void printIds(Stream<SeenTask> tasks, PrintWriter out) {
        Iterator<SeenTask> all = tasks.iterator();
        while (all.hasNext() && !out.checkError()) {
            out.println(all.next().taskId());
        }
    }
}
