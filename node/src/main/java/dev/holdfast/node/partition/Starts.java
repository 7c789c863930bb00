package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
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
    private static final long DRAIN_LOOK_MILLIS = 5;

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

    /** As {@link Partition#stopStarts}. */
    void stop(BooleanSupplier isIdle, Runnable drained) {
        stopped = true;
        lookWhetherDrained(isIdle, drained);
    }

    private void lookWhetherDrained(BooleanSupplier isIdle, Runnable drained) {
        partition.schedule(DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS, () -> {
            if (!stopped || ended) {
                return;
            }
            if (!isIdle.getAsBoolean()) {
                lookWhetherDrained(isIdle, drained);
                return;
            }
            // The ends of all that ran are in front of this in the inbox: they are committed when it is answered.
            partition.offer(new Command.Sweep(), reply -> {
                if (reply instanceof Reply.Done) {
                    drained.run();
                }
            });
        });
    }

    void resume() {
        stopped = false;
    }

    /** For good. */
    synchronized void end() {
        ended = true;
        held.clear();
    }
}
