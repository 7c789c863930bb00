package dev.holdfast.node.execution;

import dev.holdfast.node.partition.Partition;

/** Attempts without a worker, for tests of what becomes of them. */
public final class RunningAttempts {

    private RunningAttempts() {}

    /** One of a task of {@code partition}, as if its worker had just entered it. */
    public static RunningTask begin(RunningTasks all, Partition partition, long sequence) {
        RunningTask running = new RunningTask(partition, sequence, "e", 1, 0);
        all.add(running);
        return running;
    }

    public static boolean isAbandoned(RunningTask running) {
        return running.isAbandoned();
    }
}
