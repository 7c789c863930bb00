package dev.holdfast.node.execution;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A moment that a thread stays awake for before it falls asleep, because it has no work or waits for a result: being woken costs more than a short task does,
 * the thread that wakes most of all. It yields all the while, so whoever has something to do gets the core. A node has a
 * limited number of such waits at a time; one that gets none sleeps at once. Thread-safe.
 *
 * <p>Only work that has just ended or begun leads here: a node without work sleeps.
 */
public final class BriefWait {

    /** Some times what a wake-up costs, so that it outlasts one on the other side, and short against a turn on a core. */
    private static final long NANOS = 100_000;

    /** A worker, a callback's thread and a caller, also where there are few cores: each makes the other's work. */
    private static final int LEAST = 3;

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

    /** Waits until {@code over} says so, or the moment is over; nothing is known of which it was. */
    public void until(BooleanSupplier over) {
        if (over.getAsBoolean() || !take()) {
            return;
        }
        long endNanos = System.nanoTime() + NANOS;
        try {
            do {
                Thread.yield();
            } while (!over.getAsBoolean() && System.nanoTime() - endNanos < 0);
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
