package dev.holdfast.cli;

import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.SeenExecutor;
import picocli.CommandLine.Command;

/** {@code holdfast executors shutdown}. */
@Command(name = "shutdown", description = "Refuse submits; what was accepted still runs, results stay.")
final class ExecutorsShutdownCommand extends ExecutorOperationCommand {

    @Override
    ExecutorOperation operation() {
        return ExecutorOperation.SHUTDOWN;
    }

    @Override
    String done(SeenExecutor executor) {
        return "Shut down: executor=" + executor.name() + ", running=" + executor.running() + ", waiting="
                + executor.waiting() + " (they still run), results=" + executor.results();
    }
}
