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
 * configured retention. In a cluster the other members run it and serve its result when one is lost. Submission happens exactly once (with an idempotency key), a result is committed exactly once,
 * execution happens <em>at least</em> once. Thread-safe; any thread may call, tasks and callbacks too.
 *
 * <p><b>What submitting methods throw.</b> When the task was not stored: {@link RejectedExecutionException} (capacity,
 * shutdown, no space; later it may be), {@link SplitBrainProtectionException}, {@link TaskNotSerializableException}, {@link
 * TaskNotAllowedException}, {@link HoldfastException} (the partition refuses, and says why). When it may have been stored:
 * {@link IndeterminateOutcomeException}. For a null argument: {@link NullPointerException}. A task whose encoded form is over
 * {@code max-payload} (16 MiB) is not stored.
 *
 * <p><b>How long they block.</b> They encode the task on the calling thread, then wait for the commit: under {@code sync: os}
 * some microseconds, under {@code always} as long as the medium takes to be forced, in a cluster as long as the slowest copy in
 * sync takes, and through a failover some seconds; at most {@code submit-timeout} (30 s).
 * They are not interruptible: an interrupt is kept as the thread's flag. The other methods that change something
 * (dispose, cancel, retry, discard, shutdown and so on) wait likewise, and throw likewise {@link
 * IndeterminateOutcomeException}; they can be called again as they are. After {@link HoldfastInstance#close} submits are
 * rejected, and the other methods throw {@link IllegalStateException}.
 *
 * <p><b>Threads.</b> A task runs on the member that leads its partition, on a worker, {@code pool-size} (16) at most at the same
 * time on each node. What a task may
 * ask about itself is in {@link TaskContext}.
 */
public interface DurableExecutorService extends ExecutorService {

    /**
     * The executor's name.
     *
     * @return as it was given to {@link HoldfastInstance#getDurableExecutorService}
     */
    String getName();

    // ---- submit

    /**
     * Stores a task, on a partition that has room, one that this node leads first. See above for what is thrown and how long this blocks.
     *
     * @param task serialisable; a lambda needs a type that is, see {@link #submit(DurableCallable)}
     * @return the handle of the stored task
     */
    @Override
    <T> DurableExecutorServiceFuture<T> submit(Callable<T> task);

    /**
     * As {@link #submit(Callable)}.
     *
     * @param result serialisable; stored too: what the future gives, and {@link #retrieveResult} in another process
     */
    @Override
    <T> DurableExecutorServiceFuture<T> submit(Runnable task, T result);

    /** As {@link #submit(Callable)}; the result is null. */
    @Override
    DurableExecutorServiceFuture<?> submit(Runnable task);

    /**
     * As {@link #submit(Callable)}, for a plain lambda. With it the fingerprint of its class file is stored: under another
     * fingerprint the task is {@link TaskState#PARKED}, for a recompiled class may have put another body behind the same name.
     *
     * @param <T> type of the result
     * @param task what it captures has to be serialisable
     * @return the handle of the stored task
     */
    default <T> DurableExecutorServiceFuture<T> submit(DurableCallable<T> task) {
        return submit((Callable<T>) task);
    }

    /**
     * As {@link #submit(DurableCallable)}; the result is null.
     *
     * @param task what it captures has to be serialisable
     * @return the handle of the stored task
     */
    default DurableExecutorServiceFuture<?> submit(DurableRunnable task) {
        return submit((Runnable) task);
    }

    /**
     * As {@link #submit(Runnable, Object)}, for a plain lambda.
     *
     * @param <T> type of the result
     * @param task what it captures has to be serialisable
     * @param result serialisable; stored too
     * @return the handle of the stored task
     */
    default <T> DurableExecutorServiceFuture<T> submit(DurableRunnable task, T result) {
        return submit((Runnable) task, result);
    }

    /**
     * As {@link #submit(Callable)}.
     *
     * @param <T> type of the result
     * @param task serialisable
     * @param options idempotency key, affinity key and what else a submission can say
     * @return the handle of the stored task; with an idempotency key that is known, of the task that was stored first
     */
    <T> DurableExecutorServiceFuture<T> submit(Callable<T> task, TaskOptions options);

    /**
     * As {@link #submit(Callable, TaskOptions)}; the result is null.
     *
     * @param task serialisable
     * @param options what else the submission says
     * @return the handle of the stored task
     */
    DurableExecutorServiceFuture<?> submit(Runnable task, TaskOptions options);

    /**
     * As {@link #submit(Callable, TaskOptions)}, for a plain lambda.
     *
     * @param <T> type of the result
     * @param task what it captures has to be serialisable
     * @param options what else the submission says
     * @return the handle of the stored task
     */
    default <T> DurableExecutorServiceFuture<T> submit(DurableCallable<T> task, TaskOptions options) {
        return submit((Callable<T>) task, options);
    }

    /**
     * As {@link #submit(Runnable, TaskOptions)}, for a plain lambda.
     *
     * @param task what it captures has to be serialisable
     * @param options what else the submission says
     * @return the handle of the stored task
     */
    default DurableExecutorServiceFuture<?> submit(DurableRunnable task, TaskOptions options) {
        return submit((Runnable) task, options);
    }

    /**
     * Stores a task without waiting for it. The task is encoded on the calling thread; the stage completes on the callback pool.
     *
     * @param <T> type of the result
     * @param task serialisable
     * @param options what else the submission says
     * @return completes when the task is stored; exceptionally, with what {@code submit} would have thrown, when it was not or
     *     may have been
     * @throws NullPointerException an argument is null; everything else is told through the stage
     */
    <T> CompletionStage<DurableExecutorServiceFuture<T>> submitAsync(Callable<T> task, TaskOptions options);

    /**
     * As {@link #submitAsync(Callable, TaskOptions)}, for a plain lambda.
     *
     * @param <T> type of the result
     * @param task what it captures has to be serialisable
     * @param options what else the submission says
     * @return completes when the task is stored
     */
    default <T> CompletionStage<DurableExecutorServiceFuture<T>> submitAsync(
            DurableCallable<T> task, TaskOptions options) {
        return submitAsync((Callable<T>) task, options);
    }

    /**
     * As {@link #submit(Callable)}, on the partition that {@code key} belongs to: a stable hash of the encoded key, equal in
     * every JVM.
     *
     * @param <T> type of the result
     * @param task serialisable
     * @param key serialisable; equal keys have to be encoded equally
     * @return the handle of the stored task
     */
    <T> DurableExecutorServiceFuture<T> submitToKeyOwner(Callable<T> task, Object key);

    /**
     * As {@link #submitToKeyOwner(Callable, Object)}; the result is null.
     *
     * @param task serialisable
     * @param key serialisable
     * @return the handle of the stored task
     */
    DurableExecutorServiceFuture<?> submitToKeyOwner(Runnable task, Object key);

    /**
     * As {@link #submitToKeyOwner(Callable, Object)}, for a plain lambda.
     *
     * @param <T> type of the result
     * @param task what it captures has to be serialisable
     * @param key serialisable
     * @return the handle of the stored task
     */
    default <T> DurableExecutorServiceFuture<T> submitToKeyOwner(DurableCallable<T> task, Object key) {
        return submitToKeyOwner((Callable<T>) task, key);
    }

    /**
     * As {@link #submitToKeyOwner(Runnable, Object)}, for a plain lambda.
     *
     * @param task what it captures has to be serialisable
     * @param key serialisable
     * @return the handle of the stored task
     */
    default DurableExecutorServiceFuture<?> submitToKeyOwner(DurableRunnable task, Object key) {
        return submitToKeyOwner((Runnable) task, key);
    }

    /**
     * As {@link #submit(Runnable)} without a handle. The result of a success is not kept; a failure is, and counted.
     *
     * @param task serialisable
     */
    @Override
    void execute(Runnable task);

    /**
     * As {@link #execute(Runnable)}, for a plain lambda.
     *
     * @param task what it captures has to be serialisable
     */
    default void execute(DurableRunnable task) {
        execute((Runnable) task);
    }

    /**
     * As {@link #execute(Runnable)}, on the partition that {@code key} belongs to.
     *
     * @param task serialisable
     * @param key serialisable
     */
    void executeOnKeyOwner(Runnable task, Object key);

    /**
     * As {@link #executeOnKeyOwner(Runnable, Object)}, for a plain lambda.
     *
     * @param task what it captures has to be serialisable
     * @param key serialisable
     */
    default void executeOnKeyOwner(DurableRunnable task, Object key) {
        executeOnKeyOwner((Runnable) task, key);
    }

    // ---- results

    /**
     * The result of a task. The future waits, without a thread, while the task is not finished. Repeatable, with the same
     * answer every time, before and after restarts. Does not block.
     *
     * @param <T> type of the result; a {@link ClassCastException} at its use if it is another
     * @param taskId of any process that used this directory, or any node of this cluster
     * @return told through it: {@link StaleTaskIdException}, as a cause, where there is no result (any more)
     * @throws RejectedExecutionException {@code max-waiters} (100,000) futures of this node wait already
     * @throws SplitBrainProtectionException the cluster is too small for this executor to be read
     */
    <T> DurableExecutorServiceFuture<T> retrieveResult(long taskId);

    /**
     * As {@link #retrieveResult}; the result is removed when the answer is committed, exactly once: a second caller is told
     * {@link StaleTaskIdException.Reason#DISPOSED}.
     *
     * @param <T> type of the result
     * @param taskId of any process that used this directory, or any node of this cluster
     * @return nothing is removed if it is {@linkplain DurableExecutorServiceFuture#cancel cancelled} before the task ends
     */
    <T> DurableExecutorServiceFuture<T> retrieveAndDisposeResult(long taskId);

    /**
     * Removes the result; returns after the commit. Of a task that has not finished, the result is dropped when it
     * finishes; its slot stays taken until then. Of an id that has no result any more: does nothing.
     *
     * @param taskId of any process that used this directory, or any node of this cluster
     * @throws StaleTaskIdException the id was never issued, or is lost
     */
    void disposeResult(long taskId);

    // ---- control of one task

    /**
     * Cancels the task, durably: a waiting task never starts, a running one is interrupted.
     *
     * @param taskId of any process that used this directory, or any node of this cluster
     * @return false if it had ended already; cancel against completion: the first in the log wins
     * @throws StaleTaskIdException the id was never issued, or is lost
     */
    boolean cancel(long taskId);

    /**
     * Runs a quarantined, parked or finally failed task again.
     *
     * @param taskId of any process that used this directory, or any node of this cluster
     * @return false if it is in no such state
     * @throws StaleTaskIdException the id was never issued, or is lost
     */
    boolean retry(long taskId);

    /**
     * As {@link #retry(long)}.
     *
     * @param taskId of any process that used this directory, or any node of this cluster
     * @param acceptChangedCode whether a lambda whose class file has changed since submission may run as it is now
     * @return false if it is in no such state
     * @throws StaleTaskIdException the id was never issued, or is lost
     */
    boolean retry(long taskId, boolean acceptChangedCode);

    /**
     * Removes a quarantined, parked or finally failed task. Its id answers DISPOSED.
     *
     * @param taskId of any process that used this directory, or any node of this cluster
     * @return false if it is in no such state
     * @throws StaleTaskIdException the id was never issued, or is lost
     */
    boolean discard(long taskId);

    // ---- inspection

    /**
     * What is known of a task. Reads memory; if another node leads the task's partition, that one's, and waits for its answer, for
     * at most {@code submit-timeout} (30 s).
     *
     * @param taskId of any process that used this directory, or any node of this cluster
     * @return empty where neither the task nor its result is there (any more)
     * @throws HoldfastException nobody who leads the partition answered in time
     * @throws SplitBrainProtectionException the cluster is too small for this executor to be read
     */
    Optional<TaskInfo> getTask(long taskId);

    /**
     * Tasks that match, oldest first in each partition. Each partition is looked at when the stream gets there, at the node that
     * leads it: what ends or comes meanwhile may be seen or not. Partitions that refuse are left out, see {@link
     * Cluster#partitions}. Those that nobody leads come last, and are waited for together, for {@code submit-timeout} (30 s): where
     * nobody answers in that time either, the stream gives what all others have, then throws a {@link HoldfastException} that names
     * the partitions whose tasks are missing.
     *
     * @param query which, and how many
     * @return to be closed by the caller
     * @throws SplitBrainProtectionException the cluster is too small for this executor to be read
     */
    Stream<TaskInfo> tasks(TaskQuery query);

    /**
     * How much there was and is to do, over all partitions of the cluster, which are asked one after the other. Latencies, and
     * {@code rejected}, are of this process.
     *
     * <p>Split-brain protection never refuses it, as it never refuses {@link #isShutdown}, {@link #isTerminated} and {@link
     * #isPaused}: it tells of no task and no result, and is wanted most when the cluster is too small. On the side of a cut network
     * that has no majority it throws all the same, after {@code submit-timeout} (30 s), where nobody leads a partition.
     *
     * @return a copy
     * @throws HoldfastException nobody who leads one of the partitions answered in time
     */
    DurableExecutorStats getStats();

    // ---- control of the executor

    /**
     * Durable, for this name: from now on every submit throws {@link RejectedExecutionException}, after restarts too, until
     * {@link #reopen}. What was accepted still runs; results stay. To stop this process, {@link HoldfastInstance#close}.
     */
    @Override
    void shutdown();

    /** Undoes {@link #shutdown}, durably. */
    void reopen();

    /** Stops starting tasks, durably, without refusing submits. What runs goes on. */
    void pause();

    /** Undoes {@link #pause}, durably. */
    void resume();

    /**
     * Whether the executor is paused.
     *
     * @return true from {@link #pause} to {@link #resume}, over restarts
     */
    boolean isPaused();

    /**
     * Removes all tasks and results of this executor, durably; their ids are stale from then on, see {@link
     * StaleTaskIdException}. Running ones are interrupted, and what they return is dropped. The executor can be used again at
     * once.
     */
    void destroy();

    /**
     * Does nothing, on every JDK: the default of JDK 19 would shut the name down for good, and containers call it on every
     * deployment. See {@link #shutdown} and {@link HoldfastInstance#close}.
     */
    // No @Override: ExecutorService has no close() on 17.
    @SuppressWarnings("MissingOverride")
    void close();
}
