package dev.holdfast.node.execution;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread of a {@link WorkerPool}, and how it sleeps. */
final class Worker implements Runnable {

    private static final ThreadLocal<@Nullable Worker> CURRENT = new ThreadLocal<>();

    /** What a sleeper is told. */
    enum Signal {
        /** Nothing: the time was over. */
        NONE,
        LOOK,
        END
    }

    final WorkerPool pool;
    private volatile @Nullable Thread thread;
    private volatile Signal signal = Signal.NONE;

    Worker(WorkerPool pool) {
        this.pool = pool;
    }

    /** The worker that the calling thread is, or null. */
    static @Nullable Worker current() {
        return CURRENT.get();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        CURRENT.set(this);
        pool.work(this);
    }

    /** Before it goes among the idle: a signal after this is not lost. */
    void prepareToSleep() {
        signal = Signal.NONE;
    }

    /** Sleeps until it is signalled or the time is over. An interrupt is for a task that has ended: dropped. */
    Signal sleep(long nanos) {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; signal == Signal.NONE && left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            Thread.interrupted();
        }
        return signal;
    }

    /** For one that was taken from the idle: who took it is about to signal. */
    Signal awaitSignal() {
        while (signal == Signal.NONE) {
            LockSupport.park(this);
            Thread.interrupted();
        }
        return signal;
    }

    void wake(Signal what) {
        signal = what;
        LockSupport.unpark(thread);
    }
}
