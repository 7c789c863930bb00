package dev.holdfast.node.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether tasks of a partition may be started, and what waits until they may again: not while the lease is out, and not
 * during a hand-over (R3, R10). Thread-safe.
 */
final class Starts {

    private static final long LOOK_MILLIS = 20;

    private final Partition partition;
    private final BooleanSupplier mayServe;
    private volatile boolean stopped;
    private volatile boolean ended;

    /** Bounded by the tasks that are stored and not ended. */
    private final List<Runnable> held = new ArrayList<>();

    Starts(Partition partition, BooleanSupplier mayServe) {
        this.partition = partition;
        this.mayServe = mayServe;
    }

    boolean allowed() {
        return !stopped && !ended && mayServe.getAsBoolean();
    }

    /** Has {@code start} run once starts are allowed; never if the partition is deposed before. */
    void later(Runnable start) {
        boolean first;
        synchronized (this) {
            if (ended) {
                return;
            }
            first = held.isEmpty();
            held.add(start);
        }
        if (first) {
            partition.schedule(LOOK_MILLIS, TimeUnit.MILLISECONDS, this::look);
        }
    }

    private void look() {
        List<Runnable> due = List.of();
        synchronized (this) {
            if (allowed()) {
                due = new ArrayList<>(held);
                held.clear();
            }
        }
        if (due.isEmpty() && !ended) {
            partition.schedule(LOOK_MILLIS, TimeUnit.MILLISECONDS, this::look);
        }
        due.forEach(Runnable::run);
    }

    void stop() {
        stopped = true;
    }

    void resume() {
        stopped = false;
    }

    boolean areStopped() {
        return stopped;
    }

    /** For good. */
    synchronized void end() {
        ended = true;
        held.clear();
    }
}
