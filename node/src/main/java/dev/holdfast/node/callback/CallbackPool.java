package dev.holdfast.node.callback;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.execution.BriefWait;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callbacks are short, and come in bursts: waking a thread for one costs more than running it. So one thread works them off
 * while it gets on, and others join it when it does not: every {@link #LOOK_MILLIS} while there is something to do, a look
 * tells whether it is stuck in a callback or can not keep up.
 *
 * <p>Invariant: while the queue is not empty a thread is awake. Whoever offers looks for one afterwards; whoever goes to
 * sleep says so and looks at the queue afterwards: one side sees the other. The queue is bounded by the futures that wait.
 */
public final class CallbackPool implements Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(CallbackPool.class);

    /** A chain of stages completes on one stack so far; what comes deeper is queued. */
    static final int MAX_NESTED = 16;

    public static final long LOOK_MILLIS = 2;

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);

    /** So many looks in a row that found callbacks waiting call for another thread. */
    private static final int LOOKS_BEHIND = 4;

    /** So many looks in a row that found nothing are the last ones: the first callback after them pays for the next. */
    private static final int LOOKS_IDLE = 250;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final String name;
    private final int maxThreads;
    private final long idleNanos;
    private final BriefWait briefWait;
    private final Consumer<Runnable> lookLater;

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger awake = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private final Executor here = this::executeHere;
    private volatile boolean closed;
    private final BooleanSupplier isNotQuiet = () -> closed || !queue.isEmpty();

    /** Held for a moment when a thread falls asleep, is woken or ends. */
    private final Object lock = new Object();
    /** Under {@link #lock}. */
    private final ArrayDeque<CallbackThread> asleep = new ArrayDeque<>();
    /** Under {@link #lock}. */
    private int alive;

    /** That it changes is all that matters: threads may overwrite each other's counts. */
    private final AtomicLong taken = new AtomicLong();

    /** Of whoever looks, one at a time. */
    private long takenAtLook;

    private int looksBehind;
    private int looksIdle;

    /**
     * @param maxThreads made on demand, each ends when it is idle for a minute
     * @param lookLater has what it is given run once, {@link #LOOK_MILLIS} later, on a thread that is not to be held up
     */
    public CallbackPool(String name, int maxThreads, BriefWait briefWait, Consumer<Runnable> lookLater) {
        this(name, maxThreads, IDLE_NANOS, briefWait, lookLater);
    }

    CallbackPool(String name, int maxThreads, long idleNanos, BriefWait briefWait, Consumer<Runnable> lookLater) {
        this.name = name;
        this.maxThreads = maxThreads;
        this.idleNanos = idleNanos;
        this.briefWait = briefWait;
        this.lookLater = lookLater;
    }

    @Override
    public void execute(Runnable callback) {
        if (closed) {
            throw rejected();
        }
        queue.add(callback);
        if (awake.get() == 0) {
            wakeIfNoneIs();
        }
        if (closed && queue.remove(callback)) {
            throw rejected();
        }
        lookLater();
    }

    private RejectedExecutionException rejected() {
        return new RejectedExecutionException("The node is closed, no callback runs any more: pool=" + name);
    }

    @Override
    public Executor here() {
        return here;
    }

    private void executeHere(Runnable callback) {
        if (Thread.currentThread() instanceof CallbackThread thread && thread.pool() == this && thread.nest()) {
            try {
                callback.run();
            } finally {
                thread.unnest();
            }
        } else {
            execute(callback);
        }
    }

    @Override
    public void completing(Runnable completion) {
        if (Thread.currentThread() instanceof CallbackThread thread && thread.pool() == this) {
            thread.complete(completion);
        } else {
            completion.run();
        }
    }

    // ---- waking

    private void wakeIfNoneIs() {
        if (awake.compareAndSet(0, 1)) {
            wakeAnother();
        }
    }

    /** Whoever calls has counted it as awake. */
    private void wakeAnother() {
        CallbackThread sleeper;
        boolean make;
        synchronized (lock) {
            sleeper = asleep.poll();
            make = sleeper == null && alive < maxThreads;
            alive += make ? 1 : 0;
        }
        if (sleeper != null) {
            sleeper.wake();
        } else if (!make) {
            awake.decrementAndGet();
            if (!queue.isEmpty() && canWake()) { // a thread that ended meanwhile found itself counted for awake
                wakeIfNoneIs();
            }
        } else if (!start()) {
            awake.decrementAndGet();
        }
    }

    private boolean canWake() {
        synchronized (lock) {
            return !asleep.isEmpty() || alive < maxThreads;
        }
    }

    private boolean start() {
        try {
            new CallbackThread(this, name + "-" + made.incrementAndGet()).start();
            return true;
        } catch (OutOfMemoryError e) {
            ended();
            LOG.error(ErrorCode.NO_THREAD.says("No thread for a callback: pool={}"), name, e);
            return false;
        }
    }

    private void lookLater() {
        if (!lookDue.get() && lookDue.compareAndSet(false, true)) {
            lookLater.accept(this::look);
        }
    }

    /** Whether somebody has to help; see the class. */
    private void look() {
        long now = taken.get();
        boolean stands = now == takenAtLook;
        takenAtLook = now;
        lookDue.set(false);
        if (queue.isEmpty()) {
            looksBehind = 0;
            looksIdle = stands ? looksIdle + 1 : 0;
            if (looksIdle < LOOKS_IDLE) {
                lookLater();
            }
            return;
        }
        looksBehind++;
        looksIdle = 0;
        if (stands || looksBehind >= LOOKS_BEHIND) {
            looksBehind = 0;
            help();
        }
        lookLater();
    }

    private void help() {
        awake.incrementAndGet();
        wakeAnother();
    }

    // ---- on the pool's threads

    void work(CallbackThread self) {
        do {
            while (!queue.isEmpty()) {
                workOff();
                briefWait.until(isNotQuiet);
            }
        } while (rest(self));
    }

    private void workOff() {
        for (Runnable callback = queue.poll(); callback != null; callback = queue.poll()) {
            taken.lazySet(taken.getPlain() + 1);
            run(callback);
        }
    }

    private void run(Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException | Error e) {
            LOG.error(ErrorCode.INTERNAL_DEFECT.says("A callback failed: pool={}"), name, e);
        }
        Thread.interrupted(); // is not meant for the next
    }

    /** False if the thread is to end; then it is counted neither as awake nor as alive. */
    private boolean rest(CallbackThread self) {
        self.prepareToSleep();
        synchronized (lock) {
            asleep.push(self);
        }
        awake.decrementAndGet();
        if (!queue.isEmpty()) { // offered before this thread said that it sleeps
            wakeIfNoneIs();
        }
        if (self.sleepFor(closed ? 0 : idleNanos) || !remove(self)) {
            self.awaitWake();
            return true;
        }
        ended();
        if (!queue.isEmpty()) { // whose offerer saw no thread to wake, and one too many to make another
            wakeIfNoneIs();
        }
        return false;
    }

    /** False if somebody has taken it and wakes it. */
    private boolean remove(CallbackThread self) {
        synchronized (lock) {
            return asleep.remove(self);
        }
    }

    private void ended() {
        synchronized (lock) {
            alive--;
            lock.notifyAll();
        }
    }

    // ---- the end

    /** Takes no more callbacks, and waits until those that are due have run; whether they have in time. Idempotent. */
    public boolean close(long timeout, TimeUnit unit) {
        closed = true;
        long deadlineNanos = System.nanoTime() + unit.toNanos(timeout);
        boolean interrupted = false;
        synchronized (lock) {
            asleep.forEach(LockSupport::unpark);
        }
        long left = unit.toNanos(timeout);
        while (left > 0 && (isAliveAfter(Math.min(left, LOOK_NANOS)) || !queue.isEmpty())) {
            interrupted |= Thread.interrupted();
            if (!queue.isEmpty()) { // nobody else looks any more
                help();
            }
            left = deadlineNanos - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !isAliveAfter(0) && queue.isEmpty();
    }

    private boolean isAliveAfter(long nanos) {
        synchronized (lock) {
            if (alive > 0 && nanos > 0) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(lock, nanos);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // whoever called notes it
                }
            }
            return alive > 0;
        }
    }

    boolean isClosed() {
        return closed;
    }
}
