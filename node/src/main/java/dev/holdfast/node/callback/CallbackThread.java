package dev.holdfast.node.callback;

import java.util.concurrent.locks.LockSupport;

/** A thread of a {@link CallbackPool}, how it sleeps, and how deep its callbacks nest. */
final class CallbackThread extends Thread {

    private final CallbackPool pool;
    private volatile boolean woken;

    /** Of this thread only. */
    private int nested;

    /** Of this thread only: how many {@link Callbacks#completing} are under way. */
    private int completing;

    CallbackThread(CallbackPool pool, String name) {
        super(name);
        this.pool = pool;
        setDaemon(true);
    }

    @Override
    public void run() {
        pool.work(this);
    }

    CallbackPool pool() {
        return pool;
    }

    /** Whether one more callback may run within the one that runs; {@link #unnest} after it. */
    boolean nest() {
        if (completing > 0 || nested == CallbackPool.MAX_NESTED) {
            return false;
        }
        nested++;
        return true;
    }

    void unnest() {
        nested--;
    }

    void complete(Runnable completion) {
        completing++;
        try {
            completion.run();
        } finally {
            completing--;
        }
    }

    /** Before it goes among the sleepers: a wake after this is not lost. */
    void prepareToSleep() {
        woken = false;
    }

    /** Whether it was woken; sleeps no longer than {@code nanos}, nor once the pool is closed. */
    boolean sleepFor(long nanos) {
        long deadlineNanos = System.nanoTime() + nanos;
        for (long left = nanos; !woken && left > 0 && !pool.isClosed(); left = deadlineNanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            Thread.interrupted(); // a callback's leftover would have this spin
        }
        return woken;
    }

    /** Who took it from the sleepers is about to wake it. */
    void awaitWake() {
        while (!woken) {
            LockSupport.park(this);
            Thread.interrupted();
        }
    }

    void wake() {
        woken = true;
        LockSupport.unpark(this);
    }
}
