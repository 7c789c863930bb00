package dev.holdfast.replication.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that run what is short and comes often. One of those that have nothing to do stays awake for a moment before it falls
 * asleep, yielding all the while; at most one is being woken at a time, which wakes the next if there is more.
 *
 * <p>Invariant: while the queue is not empty, some thread looks at it or is being woken for it, or all of them run something, and
 * look when that ends. Who offers looks for such a thread afterwards; who gives up looking looks at the queue afterwards. Any
 * thread.
 */
final class ShellWorkers implements Executor {

    /** Some times what a wake-up costs. */
    private static final long AWAKE_NANOS = 50_000;

    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedDeque<Worker> asleep = new ConcurrentLinkedDeque<>();

    /** Threads that will look at the queue: those that stay awake, and those that are being woken. */
    private final AtomicInteger looking = new AtomicInteger();

    private final AtomicBoolean someoneIsAwake = new AtomicBoolean();
    private final List<Worker> workers = new ArrayList<>();
    private volatile boolean closed;

    /** @param name of the threads, before their numbers */
    ShellWorkers(String name, int count) {
        for (int i = 1; i <= count; i++) {
            workers.add(new Worker(name + "-" + i));
        }
        workers.forEach(each -> each.thread.start());
    }

    /** Runs it once; never, after {@link #close}. */
    @Override
    public void execute(Runnable work) {
        if (!closed) {
            queue.add(work);
            wakeOne();
        }
    }

    private void wakeOne() {
        if (looking.get() > 0) {
            return;
        }
        Worker next = asleep.pollFirst();
        if (next != null) {
            looking.incrementAndGet();
            next.wake();
        }
    }

    /**
     * What was offered before is run still. Waits for the threads' ends; an interrupt of the caller is for later.
     *
     * @return whether all have ended
     */
    boolean close(long timeout, TimeUnit unit) {
        closed = true;
        for (Worker each = asleep.pollFirst(); each != null; each = asleep.pollFirst()) {
            looking.incrementAndGet();
            each.wake();
        }
        long endNanos = System.nanoTime() + unit.toNanos(timeout);
        boolean interrupted = false;
        for (Worker each : workers) {
            long left = endNanos - System.nanoTime();
            while (each.thread.isAlive() && left > 0 && each.thread != Thread.currentThread()) {
                try {
                    each.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = endNanos - System.nanoTime();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return workers.stream().noneMatch(each -> each.thread.isAlive());
    }

    private final class Worker implements Runnable {

        final Thread thread;
        private volatile boolean woken;

        Worker(String name) {
            thread = new Thread(this, name);
            thread.setDaemon(true);
        }

        void wake() {
            woken = true;
            LockSupport.unpark(thread);
        }

        @Override
        public void run() {
            for (Runnable next = take(); next != null; next = take()) {
                try {
                    next.run();
                } catch (RuntimeException | Error e) {
                    report(e);
                }
            }
        }

        /** As an executor of the JDK would, but the thread stays. */
        private void report(Throwable failure) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }

        /** The next, as soon as there is one; null at the end. */
        private @Nullable Runnable take() {
            Runnable next = queue.poll();
            if (next == null) {
                next = stayAwake();
            }
            while (next == null && !(closed && queue.isEmpty())) {
                next = sleep();
            }
            return next;
        }

        private @Nullable Runnable sleep() {
            woken = false;
            asleep.addFirst(this);
            if ((!queue.isEmpty() || closed) && asleep.remove(this)) {
                looking.incrementAndGet();
                return looked();
            }
            while (!woken) {
                LockSupport.park(ShellWorkers.this);
            }
            return looked(); // who wakes has counted this one
        }
    }

    private @Nullable Runnable stayAwake() {
        looking.incrementAndGet();
        if (someoneIsAwake.compareAndSet(false, true)) {
            try {
                long endNanos = System.nanoTime() + AWAKE_NANOS;
                while (queue.isEmpty() && !closed && System.nanoTime() - endNanos < 0) {
                    Thread.yield();
                }
            } finally {
                someoneIsAwake.set(false);
            }
        }
        return looked();
    }

    /** The end of looking: what was offered while this one counted is found here. */
    private @Nullable Runnable looked() {
        looking.decrementAndGet();
        Runnable next = queue.poll();
        if (next != null && !queue.isEmpty()) {
            wakeOne();
        }
        return next;
    }
}
