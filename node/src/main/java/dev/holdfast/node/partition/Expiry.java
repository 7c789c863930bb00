package dev.holdfast.node.partition;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.ExecutorLimits;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.storage.log.TaskSpec;
import java.util.concurrent.TimeUnit;

/**
 * Has results swept whose time to live is over. A timer is set for the earliest only, and none where nothing has a time to
 * live; a result may stay up to {@value #MIN_DELAY_MILLIS} ms longer. Thread-safe.
 */
final class Expiry {

    /** A look for the next one visits every entry. */
    private static final long MIN_DELAY_MILLIS = 1_000;

    private static final long NEVER = Long.MAX_VALUE;

    private final Partition partition;
    private final PartitionHost host;
    /** Not before: a visit to a stopped directory removes nothing. */
    private volatile boolean begun;
    /** When the timer goes off that looks next. */
    private long nextSweepMillis = NEVER;

    Expiry(Partition partition, PartitionHost host) {
        this.partition = partition;
        this.host = host;
    }

    /** A task has ended. */
    void onEnded(TaskEntry entry) {
        long expiry = begun ? expiryOf(entry) : NEVER;
        if (expiry != NEVER) {
            sweepAt(expiry);
        }
    }

    /** From here on results expire; on a storage thread. */
    void begin() {
        begun = true;
        look();
    }

    /** Looks through all entries for what expires next; on a storage thread. */
    private void look() {
        long earliest = partition
                .entries()
                .filter(TaskEntry::isTerminal)
                .mapToLong(this::expiryOf)
                .min()
                .orElse(NEVER);
        if (earliest != NEVER) {
            sweepAt(earliest);
        }
    }

    private long expiryOf(TaskEntry entry) {
        long ttl = entry.spec().resultTtlMillis();
        long limit = limitsOf(entry).ttlMillis();
        if (ttl == TaskSpec.NO_TTL || (limit != TaskSpec.NO_TTL && limit < ttl)) {
            ttl = limit;
        }
        return ttl == TaskSpec.NO_TTL ? NEVER : entry.finishedAtMillis() + ttl;
    }

    private ExecutorLimits limitsOf(TaskEntry entry) {
        return host.limits().apply(entry.executor());
    }

    private synchronized void sweepAt(long atMillis) {
        if (atMillis >= nextSweepMillis) {
            return;
        }
        long now = host.clock().millis();
        long delay = Math.max(atMillis - now, MIN_DELAY_MILLIS);
        nextSweepMillis = Math.max(atMillis, now + MIN_DELAY_MILLIS);
        partition.schedule(delay, TimeUnit.MILLISECONDS, this::sweep);
    }

    /** Does not block; of what is not begun nothing expires. */
    void clockMoved() {
        if (begun) {
            host.storage().execute(this::sweep);
        }
    }

    private void sweep() {
        synchronized (this) {
            nextSweepMillis = NEVER;
        }
        partition.post(new Command.Sweep(), this::swept);
    }

    private void swept(Reply reply) {
        if (reply instanceof Reply.Done done && done.changed()) {
            host.storage().execute(this::sweep);
        } else if (reply instanceof Reply.Done) {
            host.storage().execute(this::look);
        }
    }
}
