package dev.holdfast.cli;

import dev.holdfast.TaskState;
import dev.holdfast.cli.console.Confirmation;
import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.NodeControl;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskSelection;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskActions;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.log.TaskId;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does one thing to many tasks: by their ids, or to all that match. */
@Command(
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisHeading = "Usage: ",
        footer = {
            "",
            "Which tasks: ids, or - for ids from the standard input, or conditions, or --all. What conditions match is"
                    + " told and asked about first; where there is no terminal to ask on, it takes --yes.",
            "",
            "Exit codes:",
            "  0  done to all, also when no task matches",
            "  1  not done to some: which, and why, is printed",
            "  2  wrong usage; nothing was done",
            "  3  refused: not confirmed, or another process that is no node holds it",
            "  4  no such task (of one id), or no such directory",
            "  5  the node does not answer: some may be done; look, and repeat it"
        })
abstract class TaskActionCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private TaskIds ids;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private TaskFilter filter;

    @Option(names = "--all", description = "All tasks to which it can be done.")
    private boolean all;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Output output;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private Target target;

    /** What it does, in the words of the console. */
    abstract ActionWords words();

    abstract TaskAction action();

    /** Where the classes of tasks are, for a visit; null: this program's. */
    @Nullable
    ClassLoader classes() throws IOException {
        return null;
    }

    @Override
    public Integer call() throws IOException {
        boolean chosen = filter.isSet() || all;
        if (ids.areGiven() == chosen) {
            throw new ParameterException(
                    spec.commandLine(),
                    chosen
                            ? "Ids and conditions go one without the other"
                            : "Which tasks? Ids, - for ids from the standard input, conditions such as --executor"
                                    + " or --state, or --all");
        }
        return ids.areGiven() ? ofIds(ids.read()) : ofMatching(filter.selection(words().states()));
    }

    private String visitor() {
        return spec.qualifiedName();
    }

    private int ofIds(List<TaskId> given) throws IOException {
        ActionReport report = new ActionReport(words(), dryRun, output);
        if (dryRun) {
            try (TaskView view = target.open(visitor())) {
                given.forEach(id -> report.add(wouldBe(id, view)));
            }
        }
        return finish(dryRun ? List.of() : given, report, given.size() == 1);
    }

    private int ofMatching(TaskSelection selection) throws IOException {
        ActionReport report = new ActionReport(words(), dryRun, output);
        List<SeenTask> matching;
        int missing;
        try (TaskView view = target.open(visitor())) {
            matching = view.tasks(selection).toList();
            missing = Damage.report(view, output);
        }
        if (dryRun) {
            matching.forEach(task -> report.add(possible(task)));
        } else if (!matching.isEmpty() && !yes) {
            Confirmation.ask(question(matching), spec.commandLine().getErr());
        }
        List<TaskId> chosen =
                dryRun ? List.of() : matching.stream().map(SeenTask::taskId).toList();
        int exitCode = finish(chosen, report, false);
        return Math.max(exitCode, missing);
    }

    private int finish(List<TaskId> tasks, ActionReport report, boolean singleId) throws IOException {
        try {
            if (!tasks.isEmpty()) {
                act(tasks, report);
            }
        } finally { // if the node goes away in the middle, what was done is told all the same
            report.print();
        }
        return report.exitCode(singleId);
    }

    private void act(List<TaskId> tasks, ActionReport report) throws IOException {
        try (NodeControl node = target.control(visitor(), classes())) {
            for (int from = 0; from < tasks.size(); from += NodeControl.MAX_IDS) {
                node.act(
                        action(), tasks.subList(from, Math.min(from + NodeControl.MAX_IDS, tasks.size())), report::add);
            }
        }
    }

    /** How many, whose, and in which states. */
    private String question(List<SeenTask> tasks) {
        Map<String, Long> executors =
                tasks.stream().collect(Collectors.groupingBy(SeenTask::executor, TreeMap::new, Collectors.counting()));
        Map<TaskState, Long> states = tasks.stream()
                .collect(Collectors.groupingBy(
                        SeenTask::state, () -> new EnumMap<>(TaskState.class), Collectors.counting()));
        return words().infinitive() + " " + tasks.size() + (tasks.size() == 1 ? " task" : " tasks") + ", executors="
                + executors + ", states=" + states;
    }

    private TaskOutcome wouldBe(TaskId id, TaskView view) {
        Optional<SeenTask> found = view.find(id);
        if (found.isEmpty()) {
            return new TaskOutcome(id.value(), TaskOutcome.Kind.NOT_FOUND, TaskActions.describe(view.staleness(id)));
        }
        SeenTask task = found.get();
        boolean possible = words().states().contains(task.state()) || action() == TaskAction.DISPOSE;
        return possible
                ? possible(task)
                : new TaskOutcome(
                        id.value(),
                        TaskOutcome.Kind.UNCHANGED,
                        "state=" + task.state() + "; allowed are " + words().states());
    }

    private static TaskOutcome possible(SeenTask task) {
        return new TaskOutcome(
                task.taskId().value(),
                TaskOutcome.Kind.DONE,
                "state=" + task.state() + ", executor=" + task.executor());
    }
}
