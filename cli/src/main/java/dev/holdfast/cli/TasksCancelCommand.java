package dev.holdfast.cli;

import dev.holdfast.node.service.TaskAction;
import picocli.CommandLine.Command;

/** {@code holdfast tasks cancel}. */
@Command(
        name = "cancel",
        description = {
            "Cancel tasks: one that waits never starts, one that runs is interrupted. Its outcome is CANCELLED."
        })
final class TasksCancelCommand extends TaskActionCommand {

    @Override
    ActionWords words() {
        return ActionWords.CANCEL;
    }

    @Override
    TaskAction action() {
        return TaskAction.CANCEL;
    }
}
