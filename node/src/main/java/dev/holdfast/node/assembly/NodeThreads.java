package dev.holdfast.node.assembly;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.callback.CallbackPool;
import dev.holdfast.node.callback.Callbacks;
import dev.holdfast.node.execution.BriefWait;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a node beside its workers and the one that forces logs. All are daemons, as the workers are: whether the
 * process goes on is the application's decision, and an unfinished task survives the process. All end when they are idle for
 * a minute, but the timer's.
 */
final class NodeThreads {

    private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);
    /** Two: what one of them does may wait for a force of the limits file. */
    private static final int STORAGE_THREADS = 2;

    /** They post commands of other nodes and clients, which works partitions off, and read what is asked for. */
    private static final int CALL_THREADS =
            Math.max(2, Math.min(Runtime.getRuntime().availableProcessors(), 8));

    private static final long END_SECONDS = 5;

    private final ThreadPoolExecutor storage = pool("holdfast-storage", STORAGE_THREADS);
    private final ThreadPoolExecutor calls = pool("holdfast-call", CALL_THREADS);
    private final ThreadPoolExecutor inquiries = pool("holdfast-inquiry", 1);
    private final ThreadPoolExecutor checkpoints = pool("holdfast-checkpoint", 1);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("holdfast-timer"));
    private final BriefWait briefWait = BriefWait.onCores(Runtime.getRuntime().availableProcessors());
    private final CallbackPool callbacks;

    NodeThreads(int callbackThreads) {
        // After the end: a partition that is closed answers what comes late on the thread that brings it.
        storage.setRejectedExecutionHandler((task, pool) -> task.run());
        checkpoints.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        callbacks = new CallbackPool("holdfast-callback", callbackThreads, briefWait, this::lookLater);
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private void lookLater(Runnable look) {
        try {
            var unused = timer.schedule(look, CallbackPool.LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closing) {
            LOG.debug("Not scheduled, the node is closed");
        }
    }

    /** The queue is bounded by what is put in: drains and reservations per partition. */
    private static ThreadPoolExecutor pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 60, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((broken, failure) ->
                    LOG.error(ErrorCode.INTERNAL_DEFECT.says("A thread failed: thread={}"), broken.getName(), failure));
            return thread;
        };
    }

    Executor storage() {
        return storage;
    }

    /** For what other nodes and clients ask, and for what is asked of them again: never for what waits for another node. */
    Executor calls() {
        return calls;
    }

    /** For what this node wants to know by itself, and may wait for others to say. One after the other. */
    Executor inquiries() {
        return inquiries;
    }

    Executor checkpoints() {
        return checkpoints;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Shared by all that run what is short. */
    BriefWait briefWait() {
        return briefWait;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** Ends what works on logs, and waits for it: an interrupt would close their channels. */
    void endStorage() {
        timer.shutdown();
        end(inquiries);
        end(calls);
        end(storage);
        end(checkpoints);
    }

    /** Lets the callbacks that are due run; what they wait for themselves is not waited for long. */
    void endCallbacks() {
        if (!callbacks.close(END_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn(ErrorCode.THREADS_LEFT.says("Threads still run after the close: pool={}"), "holdfast-callback");
        }
    }

    private static void end(ExecutorService pool) {
        pool.shutdown();
        awaitEnd(pool, Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    private static void awaitEnd(ExecutorService pool, long timeout, TimeUnit unit) {
        boolean interrupted = false;
        while (true) {
            try {
                if (!pool.awaitTermination(timeout, unit)) {
                    LOG.warn(ErrorCode.THREADS_LEFT.says("Threads still run after the close: pool={}"), pool);
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
