package dev.holdfast.cli;

import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.SeenExecutor;
import picocli.CommandLine.Command;

/** {@code holdfast executors resume}. */
@Command(name = "resume", description = "Start tasks again after a pause.")
final class ExecutorsResumeCommand extends ExecutorOperationCommand {

    @Override
    ExecutorOperation operation() {
        return ExecutorOperation.RESUME;
    }

    @Override
    String done(SeenExecutor executor) {
        return "Resumed: executor=" + executor.name() + ", waiting=" + executor.waiting()
                + (executor.shutdown() ? "; it is shut down: no submits" : "");
    }
}
