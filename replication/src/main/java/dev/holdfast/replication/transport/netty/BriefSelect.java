package dev.holdfast.replication.transport.netty;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Has a thread of the network that has just had something to do stay awake for a moment before it sleeps in the selector, as {@code
 * docs/concurrency.md} says of others: whoever sends meanwhile need not wake it, which takes a system call, and what comes in
 * meanwhile need not either. It yields all the while. One thread of a transport at a time; the others sleep at once.
 */
final class BriefSelect implements SelectStrategy {

    /** Some times what a wake-up costs. */
    private static final long AWAKE_NANOS = 50_000;

    private final AtomicBoolean someoneIsAwake;
    private final LongSupplier nanoClock;
    private boolean awake;
    private long untilNanos;

    /** @param someoneIsAwake shared by the threads of a transport */
    BriefSelect(AtomicBoolean someoneIsAwake, LongSupplier nanoClock) {
        this.someoneIsAwake = someoneIsAwake;
        this.nanoClock = nanoClock;
    }

    @Override
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        int ready = selectNow.get();
        if (ready > 0 || hasTasks) {
            rest();
            return ready;
        }
        if (!awake) {
            if (!someoneIsAwake.compareAndSet(false, true)) {
                return SELECT;
            }
            awake = true;
            untilNanos = nanoClock.getAsLong() + AWAKE_NANOS;
        }
        if (nanoClock.getAsLong() - untilNanos < 0) {
            Thread.yield();
            return 0;
        }
        rest();
        return SELECT;
    }

    private void rest() {
        if (awake) {
            awake = false;
            someoneIsAwake.set(false);
        }
    }
}
