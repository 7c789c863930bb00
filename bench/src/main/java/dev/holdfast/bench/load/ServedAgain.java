package dev.holdfast.bench.load;

import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the partitions of a member that was lost take submissions again: only what was begun after the signal counts, by a client that
 * is told. Thread-safe.
 */
final class ServedAgain {

    private static final long LONGEST_SECONDS = 60;

    private final BitSet served = new BitSet();
    private volatile Set<Integer> lost = Set.of();
    private volatile long signalNanos = Long.MAX_VALUE;
    private long firstAckNanos;
    private long lastPartitionNanos;
    private long firstResultNanos;

    /** Just before the signal. */
    void signals(Set<Integer> partitions) {
        lost = partitions;
        signalNanos = System.nanoTime();
    }

    boolean hasSignalled() {
        return signalNanos != Long.MAX_VALUE;
    }

    /** Whether a submission that began then, to that partition, counts. */
    boolean counts(long startNanos, int partition) {
        return hasSignalled() && startNanos - signalNanos > 0 && lost.contains(partition);
    }

    synchronized void acknowledged(int partition, long nowNanos) {
        if (served.isEmpty()) {
            firstAckNanos = nowNanos;
        }
        if (!served.get(partition)) {
            served.set(partition);
            lastPartitionNanos = nowNanos;
        }
        notifyAll();
    }

    synchronized void result(@Nullable Throwable problem, long nowNanos) {
        if (problem == null && firstResultNanos == 0) {
            firstResultNanos = nowNanos;
            notifyAll();
        }
    }

    /** Waits for a submission to each of the partitions, and for a result; returns whether both came. */
    synchronized boolean await() throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (served.cardinality() < lost.size() || firstResultNanos == 0) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
            if (leftMillis <= 0) {
                return false;
            }
            wait(leftMillis);
        }
        return true;
    }

    synchronized Figures figures() {
        return new Figures()
                .put("first submit ms", millis(firstAckNanos))
                .put("all partitions ms", millis(lastPartitionNanos))
                .put("first result ms", millis(firstResultNanos));
    }

    @Override
    public synchronized String toString() {
        return "lost=" + lost + ", served=" + served + ", has a result=" + (firstResultNanos != 0);
    }

    private double millis(long nanos) {
        return (nanos - signalNanos) / 1e6;
    }
}
