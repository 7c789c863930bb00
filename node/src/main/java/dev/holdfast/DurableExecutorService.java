package dev.holdfast;

import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/**
 * An executor whose tasks and results are stored. When {@code submit} returns, the task is on every in-sync copy and runs
 * even if this process dies; its result is kept, and can be fetched by task id, until it is disposed of or evicted by the
 * configured retention. Submission happens exactly once (with an idempotency key), a result is committed exactly once,
 * execution happens <em>at least</em> once. Thread-safe.
 *
 * <p>Every submitting method throws, when the task was not stored, {@link RejectedExecutionException} (capacity, shutdown,
 * no space), {@link TaskNotSerializableException}, {@link TaskNotAllowedException}; and {@link
 * IndeterminateOutcomeException} when it may have been stored. They are not interruptible (the interrupt flag is kept) and
 * bounded by {@code submit-timeout} (30 s).
 */
public interface DurableExecutorService extends ExecutorService {

    /** The executor's name. */
    String getName();

    // ---- submit

    @Override
    <T> DurableExecutorServiceFuture<T> submit(Callable<T> task);

    @Override
    <T> DurableExecutorServiceFuture<T> submit(Runnable task, T result);

    @Override
    DurableExecutorServiceFuture<?> submit(Runnable task);

    /** As {@link #submit(Callable)}, for a plain lambda. */
    default <T> DurableExecutorServiceFuture<T> submit(DurableCallable<T> task) {
        return submit((Callable<T>) task);
    }

    /** As {@link #submit(Runnable)}, for a plain lambda. */
    default DurableExecutorServiceFuture<?> submit(DurableRunnable task) {
        return submit((Runnable) task);
    }

    /** As {@link #submit(Runnable, Object)}, for a plain lambda. */
    default <T> DurableExecutorServiceFuture<T> submit(DurableRunnable task, T result) {
        return submit((Runnable) task, result);
    }

    <T> DurableExecutorServiceFuture<T> submit(Callable<T> task, TaskOptions options);

    DurableExecutorServiceFuture<?> submit(Runnable task, TaskOptions options);

    default <T> DurableExecutorServiceFuture<T> submit(DurableCallable<T> task, TaskOptions options) {
        return submit((Callable<T>) task, options);
    }

    default DurableExecutorServiceFuture<?> submit(DurableRunnable task, TaskOptions options) {
        return submit((Runnable) task, options);
    }

    /** Does not block: the stage completes when the task is stored, exceptionally when it was not. */
    <T> CompletionStage<DurableExecutorServiceFuture<T>> submitAsync(Callable<T> task, TaskOptions options);

    default <T> CompletionStage<DurableExecutorServiceFuture<T>> submitAsync(
            DurableCallable<T> task, TaskOptions options) {
        return submitAsync((Callable<T>) task, options);
    }

    /** Submits to the partition that {@code key} belongs to: a stable hash of the encoded key, equal in every JVM. */
    <T> DurableExecutorServiceFuture<T> submitToKeyOwner(Callable<T> task, Object key);

    DurableExecutorServiceFuture<?> submitToKeyOwner(Runnable task, Object key);

    default <T> DurableExecutorServiceFuture<T> submitToKeyOwner(DurableCallable<T> task, Object key) {
        return submitToKeyOwner((Callable<T>) task, key);
    }

    default DurableExecutorServiceFuture<?> submitToKeyOwner(DurableRunnable task, Object key) {
        return submitToKeyOwner((Runnable) task, key);
    }

    /** As {@link #submit(Runnable)} without a handle. The result of a success is not kept; a failure is, and counted. */
    @Override
    void execute(Runnable task);

    default void execute(DurableRunnable task) {
        execute((Runnable) task);
    }

    void executeOnKeyOwner(Runnable task, Object key);

    default void executeOnKeyOwner(DurableRunnable task, Object key) {
        executeOnKeyOwner((Runnable) task, key);
    }

    // ---- results

    /**
     * The result of a task, waiting (without a thread) while it is not finished. Repeatable, with the same answer every
     * time, before and after restarts.
     */
    <T> DurableExecutorServiceFuture<T> retrieveResult(long taskId);

    /** As {@link #retrieveResult}; the result is removed when the answer is committed, exactly once. */
    <T> DurableExecutorServiceFuture<T> retrieveAndDisposeResult(long taskId);

    /**
     * Removes the result; returns after the commit. Of a task that has not finished, the result is dropped when it
     * finishes; its slot stays taken until then. Of an id that has no result any more: does nothing.
     */
    void disposeResult(long taskId);

    // ---- control of one task

    /**
     * Cancels the task, durably: a waiting task never starts, a running one is interrupted.
     *
     * @return false if it had ended already; cancel against completion: the first in the log wins
     */
    boolean cancel(long taskId);

    /** Runs a quarantined, parked or finally failed task again. False if it is in no such state. */
    boolean retry(long taskId);

    /**
     * As {@link #retry(long)}.
     *
     * @param acceptChangedCode whether a lambda whose class file has changed since submission may run as it is now
     */
    boolean retry(long taskId, boolean acceptChangedCode);

    /** Removes a quarantined, parked or finally failed task. Its id answers DISPOSED. False if it is in no such state. */
    boolean discard(long taskId);

    // ---- inspection

    Optional<TaskInfo> getTask(long taskId);

    /** Tasks that match, oldest first in each partition. The caller closes the stream. */
    Stream<TaskInfo> tasks(TaskQuery query);

    DurableExecutorStats getStats();

    // ---- control of the executor

    /**
     * Durable, for this name: from now on every submit throws {@link RejectedExecutionException}, after restarts too, until
     * {@link #reopen}. What was accepted still runs; results stay.
     */
    @Override
    void shutdown();

    /** Undoes {@link #shutdown}. */
    void reopen();

    /** Stops starting tasks, durably, without refusing submits. */
    void pause();

    /** Undoes {@link #pause}. */
    void resume();

    boolean isPaused();

    /** Removes all tasks and results of this executor. Running ones are interrupted, and what they return is dropped. */
    void destroy();

    /**
     * Does nothing, on every JDK: the default of JDK 19 would shut the name down for good, and containers call it on every
     * deployment. See {@link #shutdown} and {@link HoldfastInstance#close}.
     */
    // No @Override: ExecutorService has no close() on 17.
    @SuppressWarnings("MissingOverride")
    void close();
}
