package dev.holdfast.node.assembly;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that are held where they are, between two pieces of their work, until this is closed. For tests. {@link #hold} and {@link
 * #awaitHeld} by one thread, {@link #close} by any.
 */
public final class Standstill implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final CountDownLatch over = new CountDownLatch(1);
    private final Map<Executor, CountDownLatch> held = new LinkedHashMap<>();
    private final Runnable afterwards;

    /** @param afterwards done by the close, when the threads go on */
    Standstill(Runnable afterwards) {
        this.afterwards = afterwards;
    }

    /** @param thread one that runs what it is given, one after the other */
    void hold(Executor thread) {
        CountDownLatch here = new CountDownLatch(1);
        held.put(thread, here);
        thread.execute(() -> {
            here.countDown();
            awaitUninterruptibly(over, Long.MAX_VALUE);
        });
    }

    /**
     * Blocks until all are held.
     *
     * @throws IllegalStateException one of them is at something that does not end
     */
    void awaitHeld() {
        long endNanos = System.nanoTime() + LIMIT.toNanos();
        held.forEach((thread, here) -> {
            if (!awaitUninterruptibly(here, endNanos - System.nanoTime())) {
                throw new IllegalStateException("A thread does not stand still: limit=" + LIMIT + ", thread=" + thread);
            }
        });
    }

    private static boolean awaitUninterruptibly(CountDownLatch latch, long nanos) {
        long fromNanos = System.nanoTime();
        boolean interrupted = false;
        while (true) {
            try {
                boolean done = latch.await(nanos - (System.nanoTime() - fromNanos), TimeUnit.NANOSECONDS);
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return done;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Override
    public void close() {
        over.countDown();
        afterwards.run();
    }
}
