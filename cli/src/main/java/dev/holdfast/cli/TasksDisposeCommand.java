package dev.holdfast.cli;

import dev.holdfast.node.service.TaskAction;
import picocli.CommandLine.Command;

/** {@code holdfast tasks dispose}. */
@Command(
        name = "dispose",
        description = {
            "Remove results: what the task returned, or how it failed. Of a task that has not ended the result is dropped",
            "when it ends."
        })
final class TasksDisposeCommand extends TaskActionCommand {

    @Override
    ActionWords words() {
        return ActionWords.DISPOSE;
    }

    @Override
    TaskAction action() {
        return TaskAction.DISPOSE;
    }
}
