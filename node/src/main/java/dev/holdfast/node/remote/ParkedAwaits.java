package dev.holdfast.node.remote;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.replication.transport.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What others wait for at this node, by connection and number, without a thread. Each is told once. */
final class ParkedAwaits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ParkedAwaits.class);

    /** However long was asked for. */
    private static final int LONGEST_MILLIS = 60_000;

    private final ScheduledExecutorService timer;
    private final Map<Caller, Map<Long, Parked>> byCaller = new ConcurrentHashMap<>();

    ParkedAwaits(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** On the thread of {@code from}, as {@link #ended} is called there. */
    Parked park(Caller from, long number, int waitMillis, Consumer<Reply> onReply) {
        Map<Long, Parked> ofCaller = byCaller.computeIfAbsent(from, unused -> new ConcurrentHashMap<>());
        Parked parked = new Parked(ofCaller, number, onReply);
        ofCaller.put(number, parked);
        parked.endsAfter(Math.min(waitMillis, LONGEST_MILLIS));
        return parked;
    }

    /** Whoever waits there for that number does not need it. */
    void takeBack(Caller from, long number) {
        Map<Long, Parked> ofCaller = byCaller.get(from);
        Parked parked = ofCaller == null ? null : ofCaller.get(number);
        if (parked != null) {
            parked.accept(new Reply.NotEnded());
        }
    }

    void ended(Caller caller) {
        Map<Long, Parked> ofCaller = byCaller.remove(caller);
        if (ofCaller != null) {
            ofCaller.values().forEach(Parked::forget);
        }
    }

    int count() {
        return byCaller.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public void close() {
        byCaller.values().forEach(ofCaller -> ofCaller.values().forEach(parked -> parked.accept(new Reply.NotEnded())));
        byCaller.clear();
    }

    /** One of them, as the partition's waiter. */
    final class Parked implements Consumer<Reply> {

        private final Map<Long, Parked> ofCaller;
        private final long number;
        private final Consumer<Reply> onReply;
        private final AtomicBoolean told = new AtomicBoolean();
        private @Nullable AutoCloseable waiter;
        private @Nullable Future<?> end;

        private Parked(Map<Long, Parked> ofCaller, long number, Consumer<Reply> onReply) {
            this.ofCaller = ofCaller;
            this.number = number;
            this.onReply = onReply;
        }

        private synchronized void endsAfter(int millis) {
            try {
                end = timer.schedule(() -> accept(new Reply.NotEnded()), millis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("Parked without an end, the node is closed: number={}", number);
            }
        }

        /** What takes it back at the partition. */
        void waitsBy(AutoCloseable handle) {
            synchronized (this) {
                waiter = handle;
            }
            if (told.get()) {
                release();
            }
        }

        @Override
        public void accept(Reply reply) {
            if (told.compareAndSet(false, true)) {
                release();
                onReply.accept(reply);
            }
        }

        /** Nobody is to be told. */
        void forget() {
            if (told.compareAndSet(false, true)) {
                release();
            }
        }

        private void release() {
            ofCaller.remove(number, this);
            AutoCloseable handle;
            Future<?> timeout;
            synchronized (this) {
                handle = waiter;
                waiter = null;
                timeout = end;
                end = null;
            }
            if (timeout != null) {
                timeout.cancel(false);
            }
            if (handle != null) {
                try {
                    handle.close();
                } catch (Exception e) {
                    LOG.error(ErrorCode.INTERNAL_DEFECT.says("A waiter could not be taken back: number={}"), number, e);
                }
            }
        }
    }
}
