package dev.holdfast.cli;

import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.SeenExecutor;
import picocli.CommandLine.Command;

/** {@code holdfast executors reopen}. */
@Command(name = "reopen", description = "Accept submits again after a shutdown.")
final class ExecutorsReopenCommand extends ExecutorOperationCommand {

    @Override
    ExecutorOperation operation() {
        return ExecutorOperation.REOPEN;
    }

    @Override
    String done(SeenExecutor executor) {
        return "Reopened: executor=" + executor.name() + (executor.paused() ? "; it is paused: nothing starts" : "");
    }
}
