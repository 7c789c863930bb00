package dev.holdfast.node.remote;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes threads that wait for another owner. */
final class OwnerWatch {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long count;

    /** To be read before the owner is looked at. */
    long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    void changed() {
        lock.lock();
        try {
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Until a change after {@code seen}, for {@code pause}, or until the deadline; an interruption is kept for later. */
    void awaitChange(long seen, Duration pause, long deadlineNanos) {
        long untilNanos = Math.min(pause.toNanos(), deadlineNanos - System.nanoTime());
        boolean interrupted = false;
        lock.lock();
        try {
            while (count == seen && untilNanos > 0) {
                try {
                    untilNanos = changed.awaitNanos(untilNanos);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
