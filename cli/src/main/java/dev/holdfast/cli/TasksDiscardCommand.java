package dev.holdfast.cli;

import dev.holdfast.node.service.TaskAction;
import picocli.CommandLine.Command;

/** {@code holdfast tasks discard}. */
@Command(
        name = "discard",
        description = {"Remove tasks that are parked, quarantined or have failed."})
final class TasksDiscardCommand extends TaskActionCommand {

    @Override
    ActionWords words() {
        return ActionWords.DISCARD;
    }

    @Override
    TaskAction action() {
        return TaskAction.DISCARD;
    }
}
