package dev.holdfast.node.partition;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who waits for which task of a partition, without a thread. Thread-safe; a waiter is told once, never under the
 * partition's lock. Whoever adds one looks at the task again afterwards: it may have ended in between.
 */
final class Waiters {

    private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

    private final WaiterLimit limit;
    /** By sequence the newest waiter, which names the next. */
    private final ConcurrentHashMap<Long, Waiter> bySequence = new ConcurrentHashMap<>();

    Waiters(WaiterLimit limit) {
        this.limit = limit;
    }

    /** @throws java.util.concurrent.RejectedExecutionException the node's limit is reached */
    Waiter add(long sequence, Consumer<Reply> onReply) {
        limit.enter();
        Waiter waiter = new Waiter(sequence, onReply);
        if (bySequence.putIfAbsent(sequence, waiter) != null) {
            bySequence.compute(sequence, (key, newest) -> {
                waiter.next = newest;
                return waiter;
            });
        }
        return waiter;
    }

    void tell(long sequence, Reply reply) {
        Waiter waiter = bySequence.remove(sequence);
        while (waiter != null) {
            waiter.tell(reply);
            waiter = waiter.next;
        }
    }

    void tellAll(Reply reply) {
        for (Iterator<Long> sequences = bySequence.keySet().iterator(); sequences.hasNext(); ) {
            tell(sequences.next(), reply);
        }
    }

    /** One that waits; {@link #close} takes it back. */
    @SuppressWarnings("serial") // an AtomicBoolean for its memory, never serialised
    final class Waiter extends AtomicBoolean implements AutoCloseable {

        private final long sequence;
        private final transient Consumer<Reply> onReply;
        private transient volatile @Nullable Waiter next;

        private Waiter(long sequence, Consumer<Reply> onReply) {
            this.sequence = sequence;
            this.onReply = onReply;
        }

        void tell(Reply reply) {
            if (!compareAndSet(false, true)) {
                return;
            }
            limit.leave();
            try {
                onReply.accept(reply);
            } catch (RuntimeException | Error e) {
                LOG.error(ErrorCode.INTERNAL_DEFECT.says("Could not tell a waiter: sequence={}"), sequence, e);
            }
        }

        /** Tells it out of turn, because the task has ended while it was added. */
        void tellNow(Reply reply) {
            tell(reply);
            unlink();
        }

        @Override
        public void close() {
            if (compareAndSet(false, true)) {
                limit.leave();
                unlink();
            }
        }

        private void unlink() {
            bySequence.computeIfPresent(sequence, (key, newest) -> newest.without(this));
        }

        private @Nullable Waiter without(Waiter gone) {
            if (this == gone) {
                return next;
            }
            for (Waiter at = this; at.next != null; at = at.next) {
                if (at.next == gone) {
                    at.next = gone.next;
                    break;
                }
            }
            return this;
        }
    }
}
