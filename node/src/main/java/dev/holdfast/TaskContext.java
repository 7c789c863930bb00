package dev.holdfast;

import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentMap;

/** What a running task can ask about itself. {@link #current} knows it on the thread that runs the task; it can be handed to others. */
public interface TaskContext {

    /**
     * The context of the task that this thread runs.
     *
     * @return to be used while the task runs
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

    /**
     * The task's id.
     *
     * @return what its submitter got too
     */
    long taskId();

    /**
     * The executor's name.
     *
     * @return what its submitter used
     */
    String executorName();

    /**
     * Number of this attempt.
     *
     * @return from 1; after a crash it may have skipped a number, never repeats one
     */
    int attempt();

    /**
     * Grows with every start of this task, on any node: give it to a system that can refuse a smaller one, and a stale
     * attempt changes nothing there.
     *
     * @return positive
     */
    long fencingToken();

    /**
     * Whether the task was cancelled, or its executor destroyed, since it started. Its thread is interrupted too, once.
     *
     * @return once true, it stays so
     */
    boolean isCancelled();

    /**
     * The application's services, {@code config.getUserContext()}: they are not stored, each process has its own.
     *
     * @return live, shared by all tasks of this node
     */
    ConcurrentMap<String, Object> userContext();

    /**
     * Logs a line at INFO, with the task's id, attempt and executor.
     *
     * @param message what to log
     */
    void log(String message);

    /**
     * Runs {@code body} on this thread as a task with this context would run: workers do, and so can a task's unit test.
     *
     * @param <T> type of what it returns
     * @param context what {@link #current} answers meanwhile
     * @param body what to run
     * @return what {@code body} returns
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
