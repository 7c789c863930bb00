package dev.holdfast.node.service;

import dev.holdfast.TaskOptions;
import dev.holdfast.storage.log.PartitionId;
import dev.holdfast.storage.log.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code invokeAll} and {@code invokeAny}, as {@link java.util.concurrent.ExecutorService} says. All tasks are submitted at
 * once; those that are not needed any more are cancelled, durably. If the process dies meanwhile, they run all the same.
 */
final class BulkCalls {

    private static final Logger LOG = LoggerFactory.getLogger(BulkCalls.class);

    /** About 146 years: as good as without a limit, and safe to add to the clock. */
    private static final long NO_LIMIT_NANOS = Long.MAX_VALUE / 2;

    /** Cancels in flight: enough for a group commit, few enough for the inbox. */
    private static final int CANCELS_AT_ONCE = 256;

    private final Core core;
    private final Submitter submitter;

    BulkCalls(Core core, Submitter submitter) {
        this.core = core;
        this.submitter = submitter;
    }

    <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invokeAll(tasks, NO_LIMIT_NANOS, TimeUnit.NANOSECONDS);
    }

    /** All done when it returns: those that did not end in time are cancelled. */
    <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        long deadlineNanos = deadlineNanos(timeout, unit);
        List<TaskFuture<T>> futures = submitAll(tasks);
        boolean finished = false;
        try {
            for (TaskFuture<T> future : futures) {
                awaitEnd(future, deadlineNanos);
            }
            finished = true;
        } catch (TimeoutException e) {
            // What is late is cancelled below: the caller finds it so.
            finished = false;
        } finally {
            if (!finished) {
                cancelAll(futures);
            }
        }
        return new ArrayList<>(futures);
    }

    private static void awaitEnd(TaskFuture<?> future, long deadlineNanos)
            throws InterruptedException, TimeoutException {
        try {
            future.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | CancellationException e) {
            // An end as good as any; the caller looks at it.
            return;
        }
    }

    <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, NO_LIMIT_NANOS, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("A time-out without a limit", e);
        }
    }

    <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("invokeAny needs a task");
        }
        long deadlineNanos = deadlineNanos(timeout, unit);
        List<TaskFuture<T>> futures = submitAll(tasks);
        try (NodeContext.Blocking blocking = core.context().blocking()) {
            return firstSuccess(futures, deadlineNanos);
        } finally {
            cancelAll(futures);
        }
    }

    private static <T> T firstSuccess(List<TaskFuture<T>> futures, long deadlineNanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        BlockingQueue<TaskFuture<T>> ended = new LinkedBlockingQueue<>();
        for (TaskFuture<T> future : futures) {
            future.whenArrivedWith(reply -> ended.add(future));
        }
        ExecutionException failure = null;
        for (int left = futures.size(); left > 0; left--) {
            TaskFuture<T> future = ended.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (future == null) {
                throw new TimeoutException(
                        "No task succeeded in time: tasks=" + futures.size() + ", unfinished=" + left);
            }
            try {
                return future.get();
            } catch (ExecutionException e) {
                failure = e;
            } catch (CancellationException e) {
                failure = new ExecutionException(e);
            }
        }
        throw Objects.requireNonNull(failure);
    }

    /** Each is stored, or those that are, are cancelled, and the reason is thrown. */
    private <T> List<TaskFuture<T>> submitAll(Collection<? extends Callable<T>> tasks) {
        for (Callable<T> task : tasks) {
            Objects.requireNonNull(task, "task");
        }
        submitter.checkOpen();
        List<TaskFuture<T>> futures = new ArrayList<>(tasks.size());
        try {
            for (Callable<T> task : tasks) {
                TaskFuture<T> future = submitter.submit(Request.of(core, task, TaskOptions.create()));
                futures.add(future);
                startIfThereIsRoom(future);
            }
            return futures;
        } catch (RuntimeException | Error e) {
            cancelAll(futures);
            throw e;
        }
    }

    /** Waits from now on, before the result could be evicted; beyond the node's limit of waiters, when its turn comes. */
    private static void startIfThereIsRoom(TaskFuture<?> future) {
        try {
            future.start();
        } catch (RejectedExecutionException e) {
            LOG.debug("Waits later: {}", future, e);
        }
    }

    /**
     * As far as that goes: a task that can not be cancelled takes nothing from the caller, nor from those behind it. Many are asked for
     * before the first answer is waited for, and a partition that did not answer once is asked and not waited for any more.
     */
    private static void cancelAll(List<? extends TaskFuture<?>> futures) {
        Set<PartitionId> silent = new HashSet<>();
        for (int from = 0; from < futures.size(); from += CANCELS_AT_ONCE) {
            List<? extends TaskFuture<?>> some =
                    futures.subList(from, Math.min(from + CANCELS_AT_ONCE, futures.size()));
            List<Runnable> answers = new ArrayList<>(some.size());
            for (TaskFuture<?> future : some) {
                PartitionId partition = new TaskId(future.getTaskId()).partition();
                tolerantly(future, silent, () -> {
                    if (!future.isDone()) {
                        BooleanSupplier answer = future.beginCancel(true);
                        answers.add(() -> {
                            if (!silent.contains(partition)) {
                                tolerantly(future, silent, () -> {
                                    boolean unused = answer.getAsBoolean();
                                });
                            }
                        });
                    }
                });
            }
            answers.forEach(Runnable::run);
        }
    }

    private static void tolerantly(TaskFuture<?> future, Set<PartitionId> silent, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            silent.add(new TaskId(future.getTaskId()).partition());
            LOG.info(
                    "A task that nobody waits for any more could not be cancelled, it may run: taskId={}, because={}",
                    future.getTaskId(),
                    String.valueOf(e.getMessage()));
        }
    }

    private static long deadlineNanos(long timeout, TimeUnit unit) {
        return System.nanoTime() + Math.min(unit.toNanos(timeout), NO_LIMIT_NANOS);
    }
}
