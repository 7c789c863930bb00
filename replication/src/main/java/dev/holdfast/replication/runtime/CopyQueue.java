package dev.holdfast.replication.runtime;

import dev.holdfast.replication.protocol.NodeId;
import dev.holdfast.replication.protocol.Session;
import dev.holdfast.storage.log.PartitionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Reads for copies that nobody waits for, of all partitions of a node, in line until they may be done. They share one budget. Besides,
 * each copy may always have twice what is appended to its own log meanwhile, whatever the others do: so none falls behind for
 * ever, however low the budget is. No thread, no clock; one thread at a time.
 */
final class CopyQueue {

    /** A read that goes when it is due is seldom later than this; so much of the budget is made up for afterwards. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** Of what a copy did not use of its own: more than the largest run. */
    private static final long MOST_OWN_BYTES = 32L << 20;

    /** Who has asked for nothing for so long begins anew. */
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** While something waits, its log may have grown: that is looked at this often. */
    static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final CopyBudget budget;
    private final Map<Copy, Own> known = new TreeMap<>();

    /** Who has asked first is first. */
    private final Map<Copy, Read> waiting = new LinkedHashMap<>();

    /** Which copy it is. */
    record Copy(PartitionId partition, NodeId to) implements Comparable<Copy> {
        @Override
        public int compareTo(Copy other) {
            int byPartition = Integer.compare(partition.value(), other.partition.value());
            return byPartition != 0 ? byPartition : to.compareTo(other.to);
        }
    }

    /** Something to be read. */
    interface Read {

        /** Does it, on a thread that may block. Returns how many bytes that were. */
        long run();
    }

    /** What a copy may have besides. */
    private static final class Own {

        private final Session session;
        private final LongSupplier appended;
        private long seen;
        private long bytes;
        private long askedNanos;

        Own(Session session, LongSupplier appended) {
            this.session = session;
            this.appended = appended;
            this.seen = appended.getAsLong();
        }

        boolean hasSome() {
            long now = appended.getAsLong();
            bytes = Math.min(MOST_OWN_BYTES, bytes + 2 * Math.max(0, now - seen));
            seen = now;
            return bytes > 0;
        }
    }

    /**
     * @param bytesPerSecond of all copies together
     */
    CopyQueue(long bytesPerSecond, long nowNanos) {
        long slackBytes = (long) (bytesPerSecond / (double) TimeUnit.SECONDS.toNanos(1) * SLACK_NANOS);
        this.budget = new CopyBudget(bytesPerSecond, Math.max(1, slackBytes), nowNanos);
    }

    /**
     * Has {@code read} done in its turn. It takes the place in line of what waits for the same copy.
     *
     * @param session of who copies: another process begins anew, and what was appended while it was away is not made up for
     * @param appended bytes that were ever appended to the log that is copied
     */
    void ask(Copy copy, Session session, LongSupplier appended, Read read, long nowNanos) {
        if (!known.containsKey(copy)) {
            known.entrySet()
                    .removeIf(each -> !waiting.containsKey(each.getKey())
                            && nowNanos - each.getValue().askedNanos > FORGET_NANOS);
        }
        Own own = known.get(copy);
        if (own == null
                || !own.session.equals(session)
                || own.appended != appended) { // so does a log that was opened anew
            own = new Own(session, appended);
            known.put(copy, own);
        }
        own.askedNanos = nowNanos;
        waiting.put(copy, read);
    }

    /** What waits for {@code copy} is not wanted any more. */
    void forget(Copy copy) {
        waiting.remove(copy);
        known.remove(copy);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** What may be done now. {@link #done} is to follow before the next is asked for. */
    Optional<Due> next(long nowNanos) {
        boolean shared = budget.nanosToWait(nowNanos) == 0;
        for (Map.Entry<Copy, Read> each : waiting.entrySet()) {
            Own own = known.get(each.getKey());
            boolean ofOwn = own != null && own.hasSome();
            if (ofOwn || shared) {
                Due due = new Due(each.getKey(), each.getValue(), ofOwn);
                waiting.remove(each.getKey());
                return Optional.of(due);
            }
        }
        return Optional.empty();
    }

    /**
     * What is to be done now.
     *
     * @param ofOwn it takes of what its copy alone may have
     */
    record Due(Copy copy, Read read, boolean ofOwn) {}

    void done(Due due, long bytes, long nowNanos) {
        Own own = known.get(due.copy());
        if (due.ofOwn() && own != null) {
            own.bytes -= bytes;
        } else {
            budget.take(bytes, nowNanos);
        }
    }

    /** How long until {@link #next} is to be asked again; while something waits. */
    long nanosToWait(long nowNanos) {
        return Math.min(LOOK_NANOS, budget.nanosToWait(nowNanos));
    }
}
