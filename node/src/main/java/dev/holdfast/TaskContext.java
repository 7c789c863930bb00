package dev.holdfast;

import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;

/** What a running task can ask about itself, on the thread that runs it. */
public interface TaskContext {

    /**
     * The context of the task that this thread runs.
     *
     * @throws IllegalStateException on a thread that runs no task
     */
    static TaskContext current() {
        TaskContext context = CurrentTaskContext.HOLDER.get();
        if (context == null) {
            throw new IllegalStateException("No task runs on this thread: thread="
                    + Thread.currentThread().getName() + "; call TaskContext.current() from within call() or run()");
        }
        return context;
    }

    long taskId();

    String executorName();

    /** Number of this attempt, from 1. After a crash it may have skipped a number, never repeats one. */
    int attempt();

    /**
     * Grows with every start of this task, on any node: give it to a system that can refuse a smaller one, and a stale
     * attempt changes nothing there.
     */
    long fencingToken();

    /** Whether the task was cancelled, or its executor destroyed, since it started. */
    boolean isCancelled();

    /** The application's services, {@code config.getUserContext()}. */
    ConcurrentMap<String, Object> userContext();

    /** Logs {@code message} at INFO, with the task's id, attempt and executor. */
    void log(String message);

    /**
     * Runs {@code body} on this thread as a task with this context would run: workers do, and so can a task's unit test.
     *
     * @throws Exception what {@code body} throws
     */
    static <T> T callWith(TaskContext context, Callable<T> body) throws Exception {
        TaskContext outer = CurrentTaskContext.HOLDER.get();
        CurrentTaskContext.HOLDER.set(context);
        try {
            return body.call();
        } finally {
            CurrentTaskContext.HOLDER.set(outer);
        }
    }
}
