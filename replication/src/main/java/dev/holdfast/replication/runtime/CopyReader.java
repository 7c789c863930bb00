package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.Session;
import dev.holdfast.replication.runtime.CopyQueue.Copy;
import dev.holdfast.replication.runtime.CopyQueue.Due;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The thread that reads for copies that nobody waits for, one read at a time, as {@link CopyQueue} lets it: so however many copies
 * are made, they take one thread and their budget, and none of the workers. It is there from the first read on. Any thread.
 */
final class CopyReader {

    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Under {@link #lock}, as all below. */
    private final CopyQueue queue;

    private @Nullable Thread thread;
    private boolean closed;

    /** @param name of the thread */
    CopyReader(String name, long bytesPerSecond) {
        this.name = name;
        this.queue = new CopyQueue(bytesPerSecond, System.nanoTime());
    }

    /** As {@link CopyQueue#ask}; after {@link #close} it is never done. */
    void ask(Copy copy, Session session, LongSupplier appended, CopyQueue.Read read) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            queue.ask(copy, session, appended, read, System.nanoTime());
            if (thread == null) {
                thread = new Thread(this::run, name);
                thread.setDaemon(true);
                thread.start();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link CopyQueue#forget}. What has begun goes on. */
    void forget(Copy copy) {
        lock.lock();
        try {
            queue.forget(copy);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Due due = take();
        while (due != null) {
            long bytes = read(due);
            due = take(due, bytes);
        }
    }

    private static long read(Due due) {
        try {
            return due.read().run();
        } catch (RuntimeException | Error e) { // as an executor of the JDK would, but the thread stays
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
            return 0;
        }
    }

    private @Nullable Due take(Due done, long bytes) {
        lock.lock();
        try {
            queue.done(done, bytes, System.nanoTime());
        } finally {
            lock.unlock();
        }
        return take();
    }

    /** The next, when it is due; null at the end. */
    private @Nullable Due take() {
        lock.lock();
        try {
            while (!closed) {
                Due due = queue.next(System.nanoTime()).orElse(null);
                if (due != null) {
                    return due;
                }
                if (queue.isEmpty()) {
                    changed.awaitUninterruptibly();
                } else {
                    var unused = changed.awaitNanos(queue.nanosToWait(System.nanoTime()));
                }
            }
            return null;
        } catch (InterruptedException e) {
            return null; // nobody interrupts it: the process ends in disorder
        } finally {
            lock.unlock();
        }
    }

    /** What waits is dropped. Waits for the end of what is under way; an interrupt of the caller is for later. */
    void close(long timeout, TimeUnit unit) {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(unit.toMillis(timeout));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
