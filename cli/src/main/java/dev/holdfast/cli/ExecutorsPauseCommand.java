package dev.holdfast.cli;

import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.SeenExecutor;
import picocli.CommandLine.Command;

/** {@code holdfast executors pause}. */
@Command(name = "pause", description = "Start no more tasks; those that run go on, submits are accepted.")
final class ExecutorsPauseCommand extends ExecutorOperationCommand {

    @Override
    ExecutorOperation operation() {
        return ExecutorOperation.PAUSE;
    }

    @Override
    String done(SeenExecutor executor) {
        return "Paused: executor=" + executor.name() + ", running=" + executor.running()
                + (executor.running() > 0 ? " (they go on)" : "") + ", waiting="
                + executor.waiting();
    }
}
