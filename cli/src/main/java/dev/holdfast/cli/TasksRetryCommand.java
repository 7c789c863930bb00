package dev.holdfast.cli;

import dev.holdfast.node.service.TaskAction;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast tasks retry}. */
@Command(
        name = "retry",
        description =
                "Have tasks run again that are parked, quarantined or have failed; of a stopped node at its next start.")
final class TasksRetryCommand extends TaskActionCommand {

    @Option(
            names = "--accept-changed-code",
            description =
                    "Run them with the code that is there now, where it is not the code that they were submitted with.")
    private boolean acceptChangedCode;

    @Option(
            names = "--tasks-path",
            paramLabel = "JARS",
            description = "Jars and folders with that code, as a class path, where no node runs.")
    private @Nullable String tasksPath;

    @Override
    ActionWords words() {
        return ActionWords.RETRY;
    }

    @Override
    TaskAction action() {
        return acceptChangedCode ? TaskAction.RETRY_CHANGED_CODE : TaskAction.RETRY;
    }

    @Override
    @Nullable
    ClassLoader classes() throws IOException {
        return tasksPath == null ? null : TasksPath.loader(tasksPath);
    }
}
