package dev.holdfast.node.remote;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who waits for ends of a partition's tasks in this process, whoever leads it. Each is told once. Thread-safe. */
final class Waitings {

    private static final Logger LOG = LoggerFactory.getLogger(Waitings.class);

    private final PartitionSlot slot;
    private final RemoteCalls calls;
    private final Set<Waiting> all = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger looks = new AtomicInteger();

    Waitings(PartitionSlot slot, RemoteCalls calls) {
        this.slot = slot;
        this.calls = calls;
    }

    /** @throws RejectedExecutionException as many wait as may */
    AutoCloseable add(String executor, long sequence, boolean asResult, Consumer<Reply> onReply) {
        Waiting waiting = new Waiting(executor, sequence, asResult, onReply);
        waiting.begin();
        return waiting;
    }

    void ownerChanged() {
        all.forEach(Waiting::ownerChanged);
    }

    /** Nobody tells when a lease is in force, or again: while there is no owner, one of those who wait looks for all. */
    private void lookForOwner() {
        if (looking.compareAndSet(false, true)) {
            calls.later(Retries.pause(looks.getAndIncrement()), this::look);
        }
    }

    private void look() {
        looking.set(false);
        if (all.isEmpty()) {
            return;
        }
        if (slot.owner() instanceof Owner.None) {
            lookForOwner();
        } else {
            looks.set(0);
            ownerChanged();
        }
    }

    void close() {
        all.forEach(waiting -> waiting.finish(
                new Reply.Unanswered(ErrorCode.NODE_CLOSED.says("it was closed here before the task ended"))));
    }

    private final class Waiting implements AutoCloseable {

        private final String executor;
        private final long sequence;
        private final boolean asResult;
        private final Consumer<Reply> onReply;

        // Guarded by this.
        private boolean done;
        private boolean counted;
        private int registrations;
        private int failures;
        private @Nullable Owner registeredAt;
        private @Nullable AutoCloseable registration;

        Waiting(String executor, long sequence, boolean asResult, Consumer<Reply> onReply) {
            this.executor = executor;
            this.sequence = sequence;
            this.asResult = asResult;
            this.onReply = onReply;
        }

        /** A partition that is led here counts its waiters itself. */
        void begin() {
            if (!(slot.owner() instanceof Owner.Local)) {
                calls.waiterLimit().enter();
                counted = true;
            }
            all.add(this);
            try {
                register();
            } catch (RejectedExecutionException e) {
                close();
                throw e;
            }
        }

        private void register() {
            Owner owner = slot.owner();
            registerAt(owner);
            if (!slot.owner().equals(owner)) {
                ownerChanged(); // the change may have been told before it could be seen here
            }
        }

        private void registerAt(Owner owner) {
            int current;
            AutoCloseable former;
            synchronized (this) {
                if (done) {
                    return;
                }
                current = ++registrations;
                registeredAt = owner;
                former = registration;
                registration = null;
            }
            takeBack(former);
            AutoCloseable handle;
            if (owner instanceof Owner.Local local) {
                Consumer<Reply> waiter = reply -> told(current, reply);
                handle = asResult
                        ? local.partition().awaitResult(executor, sequence, waiter)
                        : local.partition().await(executor, sequence, waiter);
            } else if (owner instanceof Owner.Remote other) {
                handle = slot.at(other).await(executor, sequence, asResult, reply -> told(current, reply));
            } else {
                lookForOwner();
                return;
            }
            boolean needed;
            synchronized (this) {
                needed = !done && current == registrations;
                registration = needed ? handle : registration;
            }
            if (!needed) {
                takeBack(handle);
            }
        }

        private void told(int number, Reply reply) {
            if (!(reply instanceof Reply.Elsewhere)) {
                finish(reply);
                return;
            }
            int failed;
            synchronized (this) {
                if (done || number != registrations) {
                    return;
                }
                failed = failures++;
            }
            calls.later(Retries.pause(failed), () -> again(number));
        }

        private void again(int number) {
            synchronized (this) {
                if (done || number != registrations) {
                    return;
                }
            }
            registerOrLater();
        }

        private void registerOrLater() {
            try {
                register();
            } catch (RejectedExecutionException e) {
                int number;
                synchronized (this) {
                    number = registrations;
                }
                told(number, new Reply.Elsewhere(false)); // it had its place: it is not sent away now
            }
        }

        void ownerChanged() {
            Owner now = slot.owner();
            synchronized (this) {
                if (done || now.equals(registeredAt) || now instanceof Owner.None) {
                    return;
                }
            }
            registerOrLater();
        }

        void finish(Reply reply) {
            if (end()) {
                onReply.accept(reply);
            }
        }

        @Override
        public void close() {
            boolean unused = end();
        }

        private boolean end() {
            AutoCloseable handle;
            synchronized (this) {
                if (done) {
                    return false;
                }
                done = true;
                handle = registration;
                registration = null;
            }
            all.remove(this);
            if (counted) {
                calls.waiterLimit().leave();
            }
            takeBack(handle);
            return true;
        }

        private void takeBack(@Nullable AutoCloseable handle) {
            if (handle == null) {
                return;
            }
            try {
                handle.close();
            } catch (Exception e) {
                LOG.error(ErrorCode.INTERNAL_DEFECT.says("A waiter could not be taken back: sequence={}"), sequence, e);
            }
        }
    }
}
