package dev.holdfast.node.execution;

import dev.holdfast.config.ErrorCode;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run one executor's tasks on this node. They are made on demand up to {@code pool-size}, and end after a
 * minute without work. The queue is as long as the tasks that are stored and not ended, which {@code capacity} limits.
 *
 * <p>At most one worker at a time is being woken or made: {@link #looking}. It passes that on as soon as it has found a task,
 * if there are more. The invariant: while the queue is not empty and the pool is not stopped, somebody is looking, or every
 * worker there may be is running a task and looks when it ends. Whoever gives {@code looking} up, or goes to sleep, looks
 * at the queue once more afterwards, so an offer in between is seen by one side or the other.
 */
public final class WorkerPool {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    /** Workers that may wait in {@code get()} while another stands in for each; beyond it nobody does. */
    private static final int MAX_STAND_INS = 256;

    /** Runs a task on the worker that took it. */
    @FunctionalInterface
    public interface Runner {
        /** Throws nothing. */
        void run(QueuedTask task, WorkerPool pool);
    }

    private final String executor;
    private final int poolSize;
    private final ThreadFactory threads;
    private final BriefWait briefWait;
    private final Runner runner;

    private final Queue<QueuedTask> queue = new ConcurrentLinkedQueue<>();
    private final IdleWorkers idle = new IdleWorkers();
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Threads alive or being made. */
    private final AtomicInteger alive = new AtomicInteger();
    /** Of those, how many wait in {@code get()} with a stand-in. */
    private final AtomicInteger blocked = new AtomicInteger();

    private volatile boolean stopped = true;
    private volatile boolean paused;
    private final BooleanSupplier isNotQuiet = () -> stopped || paused || !queue.isEmpty();

    /** A pool that starts nothing before {@link #start}. */
    public WorkerPool(String executor, int poolSize, ThreadFactory threads, BriefWait briefWait, Runner runner) {
        this.executor = executor;
        this.poolSize = poolSize;
        this.threads = threads;
        this.briefWait = briefWait;
        this.runner = runner;
    }

    public String executor() {
        return executor;
    }

    public void execute(QueuedTask task) {
        queue.add(task);
        signal();
    }

    public void start() {
        stopped = false;
        signal();
    }

    /** Starts no more tasks; running ones go on. */
    public void stop() {
        stopped = true;
        for (Worker sleeper = idle.pop(); sleeper != null; sleeper = idle.pop()) {
            sleeper.wake(Worker.Signal.END);
        }
    }

    boolean isStopped() {
        return stopped;
    }

    public void setPaused(boolean paused) {
        this.paused = paused;
        if (!paused) {
            signal();
        }
    }

    /**
     * For a worker that is about to wait: another may stand in for it until {@link #unblock}.
     *
     * @return the pool to tell when the wait is over, or null if no one stands in: no worker, or too many wait
     */
    public static @Nullable WorkerPool blockCurrent() {
        Worker worker = Worker.current();
        return worker != null && worker.pool.block() ? worker.pool : null;
    }

    private boolean block() {
        if (blocked.incrementAndGet() > MAX_STAND_INS) {
            blocked.decrementAndGet();
            return false;
        }
        signal();
        return true;
    }

    /** The wait is over. Until a task ends there may now be more running than {@code pool-size}. */
    public void unblock() {
        blocked.decrementAndGet();
        if (alive.get() > poolSize + blocked.get()) {
            Worker surplus = idle.pop();
            if (surplus != null) {
                surplus.wake(Worker.Signal.END);
            }
        }
    }

    // ---- wake-ups

    private boolean hasWork() {
        return !stopped && !paused && !queue.isEmpty();
    }

    private void signal() {
        while (hasWork() && looking.compareAndSet(false, true)) {
            Worker sleeper = idle.pop();
            if (sleeper != null) {
                sleeper.wake(Worker.Signal.LOOK);
                return;
            }
            if (mayMakeThread() && makeThread()) {
                return;
            }
            looking.set(false);
            if (idle.isEmpty()) {
                return; // all run tasks: each looks at the queue when its task has ended
            }
        }
    }

    private boolean mayMakeThread() {
        int now = alive.get();
        while (now < poolSize + blocked.get()) {
            if (alive.compareAndSet(now, now + 1)) {
                return true;
            }
            now = alive.get();
        }
        return false;
    }

    private boolean makeThread() {
        try {
            threads.newThread(new Worker(this)).start();
            return true;
        } catch (OutOfMemoryError e) {
            alive.decrementAndGet();
            LOG.error(
                    ErrorCode.NO_THREAD.says("No thread for a task, {} others go on: executor={}"),
                    alive.get(),
                    executor,
                    e);
            return false;
        }
    }

    // ---- on the worker's thread

    /** A new worker is the one that is looking, and so is one that was woken. */
    void work(Worker self) {
        boolean isLooking = true;
        while (true) {
            QueuedTask task = stopped || paused ? null : queue.poll();
            if (isLooking) {
                looking.set(false);
                isLooking = false;
                signal();
            }
            if (task != null) {
                runner.run(task, this);
                if (endIfSurplus()) {
                    return;
                }
            } else if (!stopped && waitAwake()) {
                isLooking = true;
            } else if (stopped || rest(self) == Worker.Signal.END) {
                end();
                return;
            } else {
                isLooking = true;
            }
        }
    }

    /** Whether a task came while this worker, as the one that is looking, had not fallen asleep yet. */
    private boolean waitAwake() {
        if (!looking.compareAndSet(false, true)) {
            return false;
        }
        briefWait.until(isNotQuiet);
        if (hasWork()) {
            return true;
        }
        looking.set(false);
        return false;
    }

    private Worker.Signal rest(Worker self) {
        self.prepareToSleep();
        idle.push(self);
        signal(); // for a task that was offered before the push
        if (stopped && idle.remove(self)) { // after who stops has looked at the idle
            return Worker.Signal.END;
        }
        Worker.Signal signal = self.sleep(IDLE_NANOS);
        if (signal == Worker.Signal.NONE) {
            signal = idle.remove(self) ? Worker.Signal.END : self.awaitSignal();
        }
        return signal;
    }

    private void end() {
        alive.decrementAndGet();
        signal(); // for a task whose offerer saw this thread alive, and nobody asleep
    }

    /** After a wait with a stand-in there is one thread too many. */
    private boolean endIfSurplus() {
        int now = alive.get();
        if (now > poolSize + blocked.get() && alive.compareAndSet(now, now - 1)) {
            signal();
            return true;
        }
        return false;
    }
}
