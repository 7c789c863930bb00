package dev.holdfast.replication.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The threads of a node's shells: some that do what shells want done, disks included; one that never touches a disk: it
 * says that time has passed and steps signs of life; and one that reads for copies that nobody waits for. Any thread.
 */
public final class ShellThreads implements AutoCloseable {

    private static final long CLOSE_SECONDS = 10;

    private final ShellWorkers workers;
    private final ScheduledThreadPoolExecutor ticker;
    private final Ticks ticks;
    private final CopyReader copies;

    /**
     * @param name of the node, in the names of the threads
     * @param copyBytesPerSecond of what is read for copies that nobody waits for, all of them together; at least 1
     */
    public ShellThreads(String name, int count, long copyBytesPerSecond) {
        workers = new ShellWorkers("holdfast-replica-" + name, count);
        ticker = pool("holdfast-replica-tick-" + name);
        ticks = new Ticks(ticker);
        copies = new CopyReader("holdfast-copy-" + name + "-1", copyBytesPerSecond);
    }

    /** Runs each task once; after {@link #close} none. */
    Executor workers() {
        return workers;
    }

    /** Runs each task once, one after the other, on the thread that calls ticks: they must not block. */
    Executor ticker() {
        return work -> {
            try {
                ticker.execute(work);
            } catch (RejectedExecutionException e) {
                // the node is closing: nobody is told any more that it lives
            }
        };
    }

    /** Shows the thread of ticks and beacons, on which nothing is to wait but in a test. */
    public void eachThread(Consumer<Executor> visitor) {
        visitor.accept(ticker);
    }

    /** Runs {@code work} once on a worker, not before {@code nanos} have passed. */
    void after(long nanos, Runnable work) {
        try {
            var unused = ticker.schedule(() -> workers.execute(work), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // the node is closing: nothing is waited for any more
        }
    }

    /** Reads for copies that nobody waits for. */
    CopyReader copies() {
        return copies;
    }

    /** As {@link Ticks#every}, on the thread that calls ticks. */
    Ticks.Ticking every(long nanos, Runnable tick) {
        return ticks.every(nanos, tick);
    }

    /** Ends the threads when they have done what was begun. Shells are closed before. */
    @Override
    public void close() {
        ticker.shutdownNow();
        copies.close(CLOSE_SECONDS, TimeUnit.SECONDS);
        var unused = workers.close(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static ScheduledThreadPoolExecutor pool(String name) {
        ThreadFactory factory = work -> {
            Thread thread = new Thread(work, name + "-1");
            thread.setDaemon(true);
            return thread;
        };
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, factory);
        pool.setRemoveOnCancelPolicy(true);
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return pool;
    }
}
