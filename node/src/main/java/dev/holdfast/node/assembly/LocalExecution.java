package dev.holdfast.node.assembly;

import dev.holdfast.node.execution.RunningTask;
import dev.holdfast.node.execution.RunningTasks;
import dev.holdfast.node.partition.Execution;
import dev.holdfast.storage.log.TaskId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What runs on this node, for its partitions. */
record LocalExecution(String node, RunningTasks tasks) implements Execution {

    @Override
    public @Nullable Running find(TaskId task) {
        RunningTask running = tasks.find(task);
        return running == null ? null : running(running);
    }

    @Override
    public List<Running> of(String executor) {
        return tasks.of(executor).stream().map(LocalExecution::running).toList();
    }

    private static Running running(RunningTask task) {
        return new Running(task.task(), task.attempt(), task.startedAtMillis());
    }

    @Override
    public void interrupt(TaskId task) {
        tasks.interrupt(task);
    }
}
