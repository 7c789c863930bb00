package dev.holdfast.node.execution;

import dev.holdfast.storage.log.TaskId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tasks during which the process has died run one at a time on a node, so that the one that kills it is found and the
 * innocent are not counted again; tasks without a counted crash go on beside them. Thread-safe.
 */
final class Suspects {

    /** Bounded by the tasks that are stored and not ended. */
    private final Map<WorkerPool, ArrayDeque<QueuedTask>> waiting = new LinkedHashMap<>();

    private @Nullable QueuedTask running;

    /** Which one runs, and how many wait for it. */
    synchronized SuspectsNow now() {
        QueuedTask task = running;
        int count = waiting.values().stream().mapToInt(ArrayDeque::size).sum();
        return new SuspectsNow(task == null ? null : TaskId.of(task.partition().id(), task.sequence()), count);
    }

    /** Whether {@code task} may run now; else {@code pool} gets it again when another has ended. */
    synchronized boolean enter(QueuedTask task, WorkerPool pool) {
        if (running == null) {
            running = task;
            return true;
        }
        waiting.computeIfAbsent(pool, unused -> new ArrayDeque<>()).add(task);
        return false;
    }

    /** The suspect has ended, or did not start after all: one of each pool tries next, since a pool may be paused. */
    void leave(QueuedTask task) {
        List<Runnable> next = new ArrayList<>();
        synchronized (this) {
            if (!task.equals(running)) {
                throw new IllegalStateException("Not the suspect that runs: task=" + task + ", running=" + running);
            }
            running = null;
            waiting.forEach((pool, tasks) -> {
                QueuedTask first = tasks.poll();
                if (first != null) {
                    next.add(() -> pool.execute(first));
                }
            });
            waiting.values().removeIf(ArrayDeque::isEmpty);
        }
        next.forEach(Runnable::run);
    }
}
