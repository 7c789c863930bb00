package dev.holdfast.node.execution;

import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A moment that a thread without work stays awake for before it falls asleep: being woken costs more than a short task does,
 * the thread that wakes most of all. It yields all the while, so whoever has something to do gets the core. A node has a
 * limited number of such waits at a time; one that gets none sleeps at once. Thread-safe.
 *
 * <p>Only work that has just ended leads here: a node without work sleeps.
 */
public final class BriefWait {

    /** Some times what a wake-up costs, and short against a thread's turn on a core. */
    private static final long NANOS = 20_000;

    /** A worker and a callback's thread, also where there are few cores: each makes the other's work. */
    private static final int LEAST = 2;

    private final AtomicInteger free;

    private BriefWait(int waits) {
        this.free = new AtomicInteger(waits);
    }

    /** Of a node that may use so many cores. */
    public static BriefWait onCores(int cores) {
        return new BriefWait(Math.max(LEAST, cores / 2));
    }

    /** For who always sleeps at once. */
    public static BriefWait none() {
        return new BriefWait(0);
    }

    /** Whether something came into {@code queue} before the moment was over; ends at once when it is {@code givenUp}. */
    public boolean forWork(Queue<?> queue, BooleanSupplier givenUp) {
        if (!take()) {
            return false;
        }
        long endNanos = System.nanoTime() + NANOS;
        try {
            while (queue.isEmpty()) {
                if (System.nanoTime() - endNanos >= 0 || givenUp.getAsBoolean()) {
                    return false;
                }
                Thread.yield();
            }
            return true;
        } finally {
            free.incrementAndGet();
        }
    }

    private boolean take() {
        for (int now = free.get(); now > 0; now = free.get()) {
            if (free.compareAndSet(now, now - 1)) {
                return true;
            }
        }
        return false;
    }
}
