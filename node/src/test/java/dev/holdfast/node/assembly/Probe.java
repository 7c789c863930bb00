package dev.holdfast.node.assembly;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableRunnable;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Where a test and its tasks meet: a task is stored as bytes, so it finds the other side by name.
 */
final class Probe {

    private static final ConcurrentHashMap<String, Probe> PROBES = new ConcurrentHashMap<>();

    final List<String> started = new CopyOnWriteArrayList<>();
    final List<String> interrupted = new CopyOnWriteArrayList<>();
    private final Semaphore starts = new Semaphore(0);
    private final Semaphore ends = new Semaphore(0);

    static Probe of(String name) {
        return PROBES.computeIfAbsent(name, unused -> new Probe());
    }

    /** Waits until {@code count} more have started. */
    void awaitStarts(int count) throws InterruptedException {
        if (!starts.tryAcquire(count, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("Not started in time: started=" + started);
        }
    }

    boolean startsWithinMillis(long millis) throws InterruptedException {
        return starts.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    void letGo(int count) {
        ends.release(count);
    }

    /** A task that starts, waits to be let go, and returns its label. */
    static DurableCallable<String> gated(String probe, String label) {
        return () -> {
            Probe at = of(probe);
            at.started.add(label);
            at.starts.release();
            try {
                at.ends.acquire();
            } catch (InterruptedException e) {
                at.interrupted.add(label);
                throw e;
            }
            return label;
        };
    }

    /** A task that ignores interrupts until it is let go. */
    static DurableCallable<String> stubborn(String probe, String label) {
        return () -> {
            Probe at = of(probe);
            at.started.add(label);
            at.starts.release();
            at.ends.acquireUninterruptibly();
            return label;
        };
    }

    /** As {@link #gated}, without a result. */
    static DurableRunnable running(String probe, String label) {
        DurableCallable<String> task = gated(probe, label);
        return () -> {
            try {
                task.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
