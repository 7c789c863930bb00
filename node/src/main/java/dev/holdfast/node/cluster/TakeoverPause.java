package dev.holdfast.node.cluster;

import dev.holdfast.replication.control.ClusterState;
import dev.holdfast.replication.protocol.NodeId;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No task is begun here while this node puts in order what a process that is gone has left: partitions that it takes over, and copies
 * without which its own do not commit. Else all that is stored and waits to run stands in line for the processors before that. It is
 * over when the table names the process no more where this node has a say, and as long again, for the clients that come then; after half
 * a second in any case. What runs already goes on. Thread-safe.
 */
final class TakeoverPause {

    static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Logger LOG = LoggerFactory.getLogger(TakeoverPause.class);

    private final NodeId self;
    private final LongSupplier nanoTime;
    private final Later later;
    private final Executor executor;
    private final Consumer<Boolean> hold;
    private final Object telling = new Object();

    // Guarded by this.
    private final Set<NodeId> gone = new TreeSet<>();
    private boolean active;
    private long sinceNanos;
    /** Of the pauses, and of what has changed in them: an end that is due for another one counts for nothing. */
    private long pauses;

    private long changes;

    /** Has something done when so many nanoseconds have passed; not any more at the end of the node, when no task is begun anyway. */
    @FunctionalInterface
    interface Later {
        void after(long nanos, Runnable work);
    }

    /**
     * @param executor tells {@code hold}; must not have to wait for a disk, or nothing would be begun for as long
     * @param hold told whether no task is to be begun; what it is told last is true
     */
    TakeoverPause(NodeId self, LongSupplier nanoTime, Later later, Executor executor, Consumer<Boolean> hold) {
        this.self = self;
        this.nanoTime = nanoTime;
        this.later = later;
        this.executor = executor;
        this.hold = hold;
    }

    /** The process of {@code node} is known to be gone; to be told once for each. Does not block. */
    void gone(NodeId node, ClusterState state) {
        if (!concerns(node, state)) {
            return;
        }
        long pause;
        synchronized (this) {
            gone.add(node);
            changes++;
            if (active) {
                return;
            }
            active = true;
            sinceNanos = nanoTime.getAsLong();
            pause = ++pauses;
        }
        later.after(LONGEST_NANOS, () -> end(pause));
        tell();
    }

    /** The table is another. Does not block. */
    void tableChanged(ClusterState state) {
        long pause;
        long change;
        long soFarNanos;
        synchronized (this) {
            if (gone.isEmpty()) {
                return;
            }
            gone.removeIf(node -> !concerns(node, state));
            if (!gone.isEmpty()) {
                return;
            }
            pause = pauses;
            change = ++changes;
            soFarNanos = nanoTime.getAsLong() - sinceNanos;
        }
        later.after(soFarNanos, () -> endUnlessChanged(pause, change));
    }

    /** Whether this node has a copy that counts of a partition of which {@code node} does. */
    private boolean concerns(NodeId node, ClusterState state) {
        return state.rows().values().stream()
                .anyMatch(row -> row.inSync().contains(node) && row.inSync().contains(self));
    }

    private void endUnlessChanged(long pause, long change) {
        synchronized (this) {
            if (changes != change) {
                return;
            }
        }
        end(pause);
    }

    private void end(long pause) {
        synchronized (this) {
            if (!active || pauses != pause) {
                return;
            }
            active = false;
            gone.clear();
        }
        tell();
    }

    private synchronized boolean isActive() {
        return active;
    }

    /** However these overtake each other, the last one tells what is. */
    private void tell() {
        try {
            executor.execute(() -> {
                synchronized (telling) {
                    hold.accept(isActive());
                }
            });
        } catch (RejectedExecutionException closing) {
            LOG.debug("Nothing is held up or begun any more, the node is closed");
        }
    }
}
