package dev.holdfast.replication;

import dev.holdfast.storage.log.LogEnd;
import dev.holdfast.storage.log.PartitionLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Forces the logs of a node's partitions on one thread of its own: whatever was appended to a log while another force ran
 * shares the next one (group commit; Gray, Reuter, Transaction Processing, 9.4.7). With an interval it forces what has
 * become dirty, at most once per interval. Sleeps while nothing is dirty.
 *
 * <p>After the first force that fails nothing is forced any more: a retried force succeeds with the data gone. Nothing here
 * interrupts the thread: that would close the channel of a force under way.
 */
public final class GroupForce implements AutoCloseable {

    private final long intervalNanos;
    private final BiConsumer<PartitionLog, Throwable> onFailure;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Under {@link #lock}. Holds a member at most once, so it is bounded by the number of partitions. */
    private List<Member> dirty = new ArrayList<>();
    /** Under {@link #lock}. */
    private boolean closed;

    /** Of the forcing thread only. */
    private boolean failed;

    /**
     * @param threadName name of the thread that forces
     * @param interval zero: as soon as possible; else at most this often
     * @param onFailure told once, on the forcing thread, which log could not be forced and why
     */
    public GroupForce(String threadName, Duration interval, BiConsumer<PartitionLog, Throwable> onFailure) {
        this.intervalNanos = interval.toNanos();
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Adds a log; {@code onForced} is told, on the forcing thread, up to where it is forced. */
    Member member(PartitionLog log, Consumer<LogEnd> onForced) {
        return new Member(log, onForced);
    }

    private void run() {
        for (List<Member> round = nextRound(); !round.isEmpty(); round = nextRound()) {
            for (Member member : round) {
                if (!failed) {
                    member.force();
                }
            }
        }
    }

    /** What is dirty, once something is; empty at the end. */
    private List<Member> nextRound() {
        lock.lock();
        try {
            while (dirty.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            pauseForInterval();
            List<Member> round = dirty;
            dirty = new ArrayList<>();
            return round;
        } finally {
            lock.unlock();
        }
    }

    /** Called under {@link #lock}, which it gives up meanwhile. */
    private void pauseForInterval() {
        long leftNanos = intervalNanos;
        try {
            while (leftNanos > 0 && !closed) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            // Nobody of ours did; forcing early harms nobody, and with the flag set the force would close its channel.
        }
    }

    /** Forces what was asked for and ends the thread; waits for it. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread == Thread.currentThread()) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One log. */
    final class Member {

        private final PartitionLog log;
        private final Consumer<LogEnd> onForced;
        private final AtomicBoolean queued = new AtomicBoolean();

        private Member(PartitionLog log, Consumer<LogEnd> onForced) {
            this.log = log;
            this.onForced = onForced;
        }

        /** Asks that everything appended before this call be forced. */
        void request() {
            if (queued.get() || !queued.compareAndSet(false, true)) {
                return;
            }
            lock.lock();
            try {
                dirty.add(this);
                if (dirty.size() == 1) {
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        private void force() {
            queued.set(false); // before the force: what is appended from here on asks again
            LogEnd end;
            try {
                end = log.force();
            } catch (RuntimeException | Error e) {
                failed = true;
                onFailure.accept(log, e);
                return;
            }
            onForced.accept(end);
        }
    }
}
