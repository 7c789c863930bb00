package dev.holdfast.node.assembly;

import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.node.execution.BriefWait;
import dev.holdfast.node.execution.QueuedTask;
import dev.holdfast.node.execution.TaskRunner;
import dev.holdfast.node.execution.WorkerPool;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.partition.PartitionAccess.ExecutorView;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The pools of a node, one per executor name, made when the first task for it is there. Thread-safe. Nothing runs before
 * {@link #start}, nor of an executor that is paused, nor while the node stands still.
 */
final class Pools {

    private final Config config;
    private final TaskRunner runner;
    private final BriefWait briefWait;
    private final Supplier<? extends List<? extends PartitionAccess>> partitions;
    private final ConcurrentHashMap<String, WorkerPool> byExecutor = new ConcurrentHashMap<>();

    private boolean started;
    private boolean stopped;
    private boolean standsStill;

    /** @param partitions those whose tasks run here, as they are now */
    Pools(
            Config config,
            TaskRunner runner,
            BriefWait briefWait,
            Supplier<? extends List<? extends PartitionAccess>> partitions) {
        this.config = config;
        this.runner = runner;
        this.briefWait = briefWait;
        this.partitions = partitions;
    }

    void execute(String executor, QueuedTask task) {
        WorkerPool pool = byExecutor.get(executor);
        (pool == null ? make(executor) : pool).execute(task);
    }

    private synchronized WorkerPool make(String executor) {
        return byExecutor.computeIfAbsent(executor, name -> {
            DurableExecutorConfig settings = config.findDurableExecutorConfig(name);
            WorkerPool pool =
                    new WorkerPool(name, settings.getPoolSize(), WorkerThreads.of(settings), briefWait, runner);
            pool.setPaused(standsStill || isPaused(name));
            if (started && !stopped) {
                pool.start();
            }
            return pool;
        });
    }

    synchronized boolean isStarted() {
        return started && !stopped;
    }

    synchronized void start() {
        if (started || stopped) {
            return;
        }
        started = true;
        byExecutor.values().forEach(WorkerPool::start);
    }

    /** Starts no more tasks. */
    synchronized void stop() {
        stopped = true;
        byExecutor.values().forEach(WorkerPool::stop);
    }

    /** Whether no task starts, of whichever executor. */
    synchronized void setStandsStill(boolean still) {
        standsStill = still;
        byExecutor.keySet().forEach(this::refresh);
    }

    /** Follows a pause or resume: looks at what is committed now, since changes may be told out of order. */
    synchronized void refresh(String executor) {
        WorkerPool pool = byExecutor.get(executor);
        if (pool != null) {
            pool.setPaused(standsStill || isPaused(executor));
        }
    }

    /** The operation with the highest number decides: it may not be in every partition yet. */
    private boolean isPaused(String executor) {
        long newest = 0;
        boolean paused = false;
        for (PartitionAccess partition : partitions.get()) {
            ExecutorView view = partition.executor(executor);
            if (view.operation() > newest) {
                newest = view.operation();
                paused = view.paused();
            }
        }
        return paused;
    }
}
