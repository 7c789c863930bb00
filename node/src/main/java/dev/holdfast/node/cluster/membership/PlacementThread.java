package dev.holdfast.node.cluster.membership;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Has the placement looked at once in a while, and after each change of the table. */
final class PlacementThread implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread;
    private final PlacementController placement;
    private final AtomicBoolean asked = new AtomicBoolean();

    PlacementThread(String node, PlacementController placement, Duration every) {
        this.placement = placement;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "holdfast-placement-" + node);
            made.setDaemon(true);
            return made;
        });
        var unused =
                thread.scheduleWithFixedDelay(placement::tick, every.toNanos(), every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The table has changed; however often, it is looked at once. Any thread. */
    void look() {
        if (asked.compareAndSet(false, true)) {
            try {
                thread.execute(() -> {
                    asked.set(false);
                    placement.tick();
                });
            } catch (RejectedExecutionException closed) {
                asked.set(false);
            }
        }
    }

    void eachThread(Consumer<Executor> visitor) {
        visitor.accept(thread);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
