package dev.holdfast.replication.transport.wire;

import dev.holdfast.replication.transport.RequestFailedException;
import dev.holdfast.replication.transport.RequestFailedException.Outcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one peer that have no answer yet: at most so many, each with a deadline. Each is completed once, by whatever
 * comes first: answer, deadline, loss of the connection. Any thread.
 */
public final class PendingRequests {

    private static final long MOST_NANOS = Long.MAX_VALUE / 2;

    private final int most;
    private final ConcurrentHashMap<Long, Pending> pending = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong lastCorrelation = new AtomicLong();

    public PendingRequests(int most) {
        this.most = most;
    }

    /** One request. */
    public static final class Pending {
        private final long correlation;
        private final long deadlineNanos;
        private final CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        private volatile boolean sent;

        private Pending(long correlation, long deadlineNanos) {
            this.correlation = correlation;
            this.deadlineNanos = deadlineNanos;
        }

        public long correlation() {
            return correlation;
        }

        /** Completed by the threads of the network. */
        public CompletableFuture<ByteBuffer> answer() {
            return answer;
        }

        /** From here on it may have an effect. */
        public void markSent() {
            sent = true;
        }

        /** Whether it may have had an effect. */
        public boolean isSent() {
            return sent;
        }
    }

    /**
     * A request's time as it can be added to any time of a clock without a deadline being taken for past: from 0 to 146 years.
     */
    public static long timeoutNanos(Duration timeout) {
        return Math.max(0, Math.min(TimeUnit.NANOSECONDS.convert(timeout), MOST_NANOS));
    }

    /**
     * Adds one.
     *
     * @param deadlineNanos by the clock that {@link #failExpired} is given
     * @return null if there are as many as may be
     */
    public @Nullable Pending open(long deadlineNanos) {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            return null;
        }
        Pending one = new Pending(lastCorrelation.incrementAndGet(), deadlineNanos);
        pending.put(one.correlation, one);
        return one;
    }

    /** Takes one away, whoever is first; null if it was taken already. */
    public @Nullable Pending take(long correlation) {
        Pending one = pending.remove(correlation);
        if (one != null) {
            count.decrementAndGet();
        }
        return one;
    }

    /** Fails one, if it has not been completed. */
    public void fail(Pending one, Outcome outcome, String message) {
        if (take(one.correlation) != null) {
            one.answer.completeExceptionally(new RequestFailedException(outcome, message));
        }
    }

    /** Fails all: those that were sent may have had an effect. */
    public void failAll(String why) {
        for (Pending one : List.copyOf(pending.values())) {
            failUnanswered(one, why);
        }
    }

    /**
     * Fails those whose time is over.
     *
     * @return the earliest deadline left; {@link Long#MAX_VALUE} if nothing waits
     */
    public long failExpired(long nowNanos, String where) {
        List<Pending> expired = new ArrayList<>();
        long leastLeftNanos = Long.MAX_VALUE;
        for (Pending one : pending.values()) {
            long leftNanos = one.deadlineNanos - nowNanos;
            if (leftNanos <= 0) {
                expired.add(one);
            } else {
                leastLeftNanos = Math.min(leastLeftNanos, leftNanos);
            }
        }
        for (Pending one : expired) {
            failUnanswered(one, "No answer in time: " + where);
        }
        return leastLeftNanos == Long.MAX_VALUE ? Long.MAX_VALUE : nowNanos + leastLeftNanos;
    }

    private void failUnanswered(Pending one, String why) {
        String known = one.sent
                ? "; it may have had its effect: ask again with the same request id"
                : "; it was not sent: send it again";
        fail(one, one.sent ? Outcome.UNKNOWN : Outcome.NOT_SENT, why + known);
    }

    /** How many wait for an answer. */
    public int size() {
        return count.get();
    }
}
