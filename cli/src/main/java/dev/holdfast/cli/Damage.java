package dev.holdfast.cli;

import dev.holdfast.cli.console.Output;
import dev.holdfast.node.admin.TaskView;

/** Partitions that could not be read. */
final class Damage {

    private Damage() {}

    /** Says which partitions are missing from an answer. True if any is. */
    static boolean report(TaskView view, Output output) {
        view.problems()
                .forEach((partition, problem) -> output.note("holdfast: partition " + partition
                        + " can not be read, its tasks are missing here: " + problem));
        return !view.problems().isEmpty();
    }
}
