package dev.holdfast.replication.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Calls of the same period come one after the other, by one timer: a thread wakes once for all shells of a node, and what they
 * send to the same peer leaves together. Any thread.
 */
final class Ticks {

    private final ScheduledExecutorService thread;

    /** By nanoseconds. Under {@code this}. */
    private final Map<Long, Round> rounds = new HashMap<>();

    /** @param thread calls them; ends with it */
    Ticks(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** What is called until it is cancelled. One that is being called at that moment goes on. */
    interface Ticking {

        /** Idempotent. */
        void cancel();
    }

    /**
     * Has {@code tick}, which must not block, called with the others of its period, {@code nanos} after the last of them
     * has ended, the first time as well. One that throws is called again.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the thread has been shut down
     */
    synchronized Ticking every(long nanos, Runnable tick) {
        Round round = rounds.computeIfAbsent(nanos, Round::new);
        Entry entry = new Entry(round, tick);
        round.entries.add(entry);
        return entry;
    }

    private synchronized void cancel(Entry entry) {
        Round round = entry.round;
        round.entries.remove(entry);
        if (round.entries.isEmpty() && rounds.remove(round.nanos, round)) {
            round.timer.cancel(false);
        }
    }

    private final class Round {

        private final long nanos;
        private final List<Entry> entries = new CopyOnWriteArrayList<>();
        private final ScheduledFuture<?> timer;

        Round(long nanos) {
            this.nanos = nanos;
            this.timer = thread.scheduleWithFixedDelay(this::callAll, nanos, nanos, TimeUnit.NANOSECONDS);
        }

        private void callAll() {
            entries.forEach(Entry::call);
        }
    }

    private final class Entry implements Ticking {

        private final Round round;
        private final Runnable tick;

        Entry(Round round, Runnable tick) {
            this.round = round;
            this.tick = tick;
        }

        /** One that fails takes none of the others along. */
        private void call() {
            try {
                tick.run();
            } catch (RuntimeException | Error e) {
                Thread current = Thread.currentThread();
                current.getUncaughtExceptionHandler().uncaughtException(current, e);
            }
        }

        @Override
        public void cancel() {
            Ticks.this.cancel(this);
        }
    }
}
