package dev.holdfast.replication.transport.netty;

import dev.holdfast.replication.transport.wire.PendingRequests;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has requests fail when their time is over: one timer per peer, set to the earliest deadline, instead of one per request.
 * Requests mostly have the same time to go and are answered before it is over, so the timer hardly ever moves.
 */
final class Deadlines {

    /** Looking through all requests for one more often than this would cost more than its lateness. */
    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Engine engine;
    private final EventLoop loop;
    private final PendingRequests pending;
    private final String where;

    private volatile boolean set;
    private volatile long atNanos;
    /** Of the loop only. */
    private @Nullable ScheduledFuture<?> timer;

    Deadlines(Engine engine, EventLoop loop, PendingRequests pending, String where) {
        this.engine = engine;
        this.loop = loop;
        this.pending = pending;
        this.where = where;
    }

    /** Any thread, after the request is among the pending ones: then either this, or the look that is due, sees it. */
    void include(long deadlineNanos) {
        if (!set || deadlineNanos - atNanos < 0) {
            loop.execute(() -> set(deadlineNanos));
        }
    }

    private void set(long deadlineNanos) {
        if (set && deadlineNanos - atNanos >= 0) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        atNanos = deadlineNanos;
        set = true;
        long delayNanos = Math.max(LEAST_PAUSE_NANOS, deadlineNanos - engine.nanoTime());
        timer = loop.schedule(this::look, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        set = false;
        timer = null;
        long nextNanos = pending.failExpired(engine.nanoTime(), where);
        if (nextNanos != Long.MAX_VALUE) {
            set(nextNanos);
        }
    }
}
