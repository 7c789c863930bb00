package dev.holdfast.cli;

import dev.holdfast.node.admin.TaskView;
import java.io.PrintWriter;

/** Partitions that could not be read. */
final class Damage {

    private Damage() {}

    /** Says which partitions are missing from an answer. True if any is. */
    static boolean report(TaskView view, PrintWriter err) {
        view.problems()
                .forEach((partition, problem) -> err.println("holdfast: partition " + partition
                        + " can not be read, its tasks are missing here: " + problem));
        err.flush();
        return !view.problems().isEmpty();
    }
}
