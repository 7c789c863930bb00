package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** How many may wait for results at the same time, over all partitions of a node. Thread-safe. */
public final class WaiterLimit {

    private final int max;
    private final AtomicInteger waiting = new AtomicInteger();

    public WaiterLimit(int max) {
        this.max = max;
    }

    /** @throws RejectedExecutionException as many wait as may */
    public void enter() {
        if (waiting.incrementAndGet() > max) {
            waiting.decrementAndGet();
            throw new RejectedExecutionException(
                    ErrorCode.TOO_MANY_WAITERS.says("Too many wait for results on this node: max-waiters=" + max
                            + "; ask again later, or raise max-waiters"));
        }
    }

    /** Undoes one {@link #enter}. */
    public void leave() {
        waiting.decrementAndGet();
    }

    int waiting() {
        return waiting.get();
    }
}
