package dev.holdfast.cli;

import dev.holdfast.cli.console.CommandFailure;
import dev.holdfast.cli.console.ExitCodes;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.TaskView;
import dev.holdfast.node.service.TaskActions;
import dev.holdfast.storage.log.TaskId;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A task id on the command line. */
final class TaskIdArgument {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private CommandSpec mixee;

    @Parameters(paramLabel = "ID", description = "Task id: a positive number, as `tasks list -o ids` prints it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs anything
    private String id;

    /** The task of that id. */
    SeenTask findIn(TaskView view) {
        TaskId taskId = taskId();
        Optional<SeenTask> task = view.find(taskId);
        if (task.isPresent()) {
            return task.get();
        }
        String problem = view.problems().get(taskId.partition());
        if (problem != null) {
            throw new CommandFailure(
                    ExitCodes.FAILED,
                    "The partition of this task can not be read: taskId=" + taskId + ", partition=" + taskId.partition()
                            + ", problem=" + problem);
        }
        throw new CommandFailure(
                ExitCodes.NOT_FOUND,
                "No such task: taskId=" + taskId + ", " + TaskActions.describe(view.staleness(taskId)) + ", directory="
                        + view.directory().map(String::valueOf).orElse("(a cluster)") + "; see `holdfast tasks list`");
    }

    private TaskId taskId() {
        try {
            TaskId taskId = new TaskId(Long.parseLong(id));
            return TaskId.of(taskId.partition(), taskId.sequence());
        } catch (IllegalArgumentException notAnId) {
            // told below
        }
        throw new ParameterException(
                mixee.commandLine(),
                "Not a task id: ID=" + id + "; ids are positive numbers, `tasks list -o ids` prints them");
    }
}
