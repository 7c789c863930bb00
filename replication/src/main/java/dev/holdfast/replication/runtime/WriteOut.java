package dev.holdfast.replication.runtime;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that forces logs which nobody waits for yet, one after the other: a force that somebody waits for, as before a replica
 * stands alone (R12), then finds little to do. After each it leaves the disk to others for three times as long as it took. It is
 * there while there is something to force. Any thread.
 */
final class WriteOut implements Executor {

    private static final int REST_FOR_EACH = 3;
    private static final long IDLE_SECONDS = 5;

    private final ThreadPoolExecutor thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** @param name of the thread */
    WriteOut(String name) {
        // As many wait as there are shells: one of each.
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread made = new Thread(work, name);
            made.setDaemon(true);
            return made;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Runs it once, in its turn; what comes after {@link #close} never. */
    @Override
    public void execute(Runnable force) {
        try {
            thread.execute(() -> {
                long startNanos = System.nanoTime();
                force.run();
                rest(System.nanoTime() - startNanos);
            });
        } catch (RejectedExecutionException e) {
            // the node is closing, which forces what it has to
        }
    }

    private void rest(long tookNanos) {
        try {
            var unused = closed.await(REST_FOR_EACH * tookNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody of ours does that; with the flag set the next force would close its channel.
        }
    }

    /** Waits for what was asked for, without rests; an interrupt of the caller ends the wait. */
    void close(long timeout, TimeUnit unit) {
        closed.countDown();
        thread.shutdown();
        try {
            var unused = thread.awaitTermination(timeout, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
