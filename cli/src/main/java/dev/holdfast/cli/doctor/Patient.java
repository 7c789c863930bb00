package dev.holdfast.cli.doctor;

import dev.holdfast.config.Config;
import dev.holdfast.node.admin.TaskView.LiveNode;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is examined.
 *
 * @param directory absolute; may not exist yet
 * @param config of the working directory, or the defaults where that has mistakes
 * @param configProblem those mistakes, or null
 * @param live the node that has the directory open and answers
 */
record Patient(Path directory, Config config, @Nullable String configProblem, Optional<LiveNode> live) {

    /** The process whose limits count: the node's, else this one, which was started from the same shell as a node will be. */
    String process() {
        return live.map(node -> Long.toString(node.pid())).orElse("self");
    }

    String processName() {
        return live.map(node -> "node " + node.name() + ", pid=" + node.pid()).orElse("this process");
    }
}
