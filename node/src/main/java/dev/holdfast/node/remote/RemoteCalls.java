package dev.holdfast.node.remote;

import dev.holdfast.node.partition.WaiterLimit;
import dev.holdfast.replication.transport.Peer;
import dev.holdfast.replication.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all slots of a process share, to ask other nodes. Thread-safe. */
public final class RemoteCalls {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCalls.class);

    private final Transport transport;
    private final UUID caller;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final WaiterLimit waiterLimit;
    private final Duration timeout;
    private final int maxOutstanding;

    private final Detour detour;

    /** Begins anywhere: the awaits of several members come over one connection where they are handed on. */
    private final AtomicLong awaits = new AtomicLong(ThreadLocalRandom.current().nextLong(1, 1L << 62));

    private final Map<Peer, AwaitDesk> desks = new ConcurrentHashMap<>();

    /**
     * @param others members that are asked to hand on what is for one that is not reached; none: nobody hands on
     * @param caller another one for each start of a process
     * @param executor sends again what could not be answered, which may work a local partition off
     * @param timer starts what is due later; does no more than that
     * @param waiterLimit for waiters at other nodes
     * @param timeout after which a call is given up: {@code submit-timeout}
     * @param maxOutstanding requests that a node takes of one connection: {@code network.max-outstanding}
     */
    public RemoteCalls(
            Transport transport,
            Supplier<List<Peer>> others,
            UUID caller,
            Executor executor,
            ScheduledExecutorService timer,
            WaiterLimit waiterLimit,
            Duration timeout,
            int maxOutstanding) {
        this.transport = transport;
        this.detour = new Detour(transport, others);
        this.caller = caller;
        this.executor = executor;
        this.timer = timer;
        this.waiterLimit = waiterLimit;
        this.timeout = timeout;
        this.maxOutstanding = maxOutstanding;
    }

    Transport transport() {
        return transport;
    }

    Detour detour() {
        return detour;
    }

    UUID caller() {
        return caller;
    }

    WaiterLimit waiterLimit() {
        return waiterLimit;
    }

    /** A little less than the caller waits, so that it is told what is known. */
    Duration timeout() {
        Duration tenth = timeout.dividedBy(10);
        Duration most = Duration.ofMillis(500);
        return timeout.minus(tenth.compareTo(most) < 0 ? tenth : most);
    }

    int maxOutstanding() {
        return maxOutstanding;
    }

    long nextAwait() {
        return awaits.incrementAndGet();
    }

    AwaitDesk desk(Peer peer) {
        return desks.computeIfAbsent(peer, unused -> new AwaitDesk(Math.max(maxOutstanding / 2, 1), this::execute));
    }

    /** Runs {@code work} on the executor; not any more once that is closed. */
    void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("Not done, the node is closed");
        }
    }

    /** Runs {@code work} on the executor after {@code delay}; not any more once timer or executor are closed. */
    void later(Duration delay, Runnable work) {
        try {
            var unused = timer.schedule(() -> execute(work), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Not scheduled, the node is closed");
        }
    }
}
