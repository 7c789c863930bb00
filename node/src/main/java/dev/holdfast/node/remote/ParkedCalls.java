package dev.holdfast.node.remote;

import dev.holdfast.replication.transport.Body;
import dev.holdfast.replication.transport.Caller;
import dev.holdfast.storage.log.PartitionId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests for partitions that this node is about to lead, as the partition table has it: they wait here for the moment that it
 * takes, without a thread, rather than being sent away and coming again and again while the node has better things to do. As many
 * as the transport lets be unanswered. Thread-safe.
 */
final class ParkedCalls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ParkedCalls.class);

    /** Who has waited for so long is told that the partition is not here. */
    private static final long LONGEST_MILLIS = 1_000;

    private final Predicate<PartitionId> isComing;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Consumer<Caller> onLate;
    private final Set<Parked> parked = ConcurrentHashMap.newKeySet();
    /** Those for which the timer is set. */
    private final Set<PartitionId> timed = ConcurrentHashMap.newKeySet();

    /**
     * @param isComing whether this node is to lead a partition and does not yet
     * @param executor takes up again what has waited
     * @param onLate told of a connection that ended while what came by it was taken up: what that has left is to be cleared away
     */
    ParkedCalls(
            Predicate<PartitionId> isComing,
            Executor executor,
            ScheduledExecutorService timer,
            Consumer<Caller> onLate) {
        this.isComing = isComing;
        this.executor = executor;
        this.onLate = onLate;
        this.timer = timer;
    }

    /**
     * What {@code work} gives, at once or when the partition is here or will not be; on the thread of {@code from}.
     *
     * @param work given who does what may take a while: the executor, at which everything is by then that has waited
     */
    CompletableFuture<Body> inTime(
            Caller from, PartitionId partition, Function<Executor, CompletableFuture<Body>> work) {
        if (!isComing.test(partition)) {
            return work.apply(executor);
        }
        Parked asked = new Parked(from, partition, work);
        parked.add(asked);
        if (isComing.test(partition)) {
            setTimer(partition);
        } else {
            release(partition); // it came before this one was seen
        }
        return asked.answer;
    }

    private void setTimer(PartitionId partition) {
        if (!timed.add(partition)) {
            return;
        }
        try {
            var unused = timer.schedule(() -> timeIsOver(partition), LONGEST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            timeIsOver(partition);
        }
    }

    private void timeIsOver(PartitionId partition) {
        timed.remove(partition);
        release(partition);
    }

    /** Does not block. */
    void ownerChanged(PartitionId partition) {
        if (!parked.isEmpty() && !isComing.test(partition)) {
            release(partition);
        }
    }

    private void release(PartitionId partition) {
        takeUp(parked.stream().filter(each -> each.partition.equals(partition)).toList());
    }

    private void takeUp(List<Parked> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        try {
            executor.execute(() -> waiting.forEach(Parked::takeUp));
        } catch (RejectedExecutionException closed) {
            LOG.debug("Not answered, the node is closed: requests={}", waiting.size());
        }
    }

    /** Nobody is there any more to be answered. Waits for nothing. */
    void ended(Caller caller) {
        parked.stream().filter(each -> each.from == caller).forEach(Parked::end);
    }

    int count() {
        return parked.size();
    }

    @Override
    public void close() {
        takeUp(List.copyOf(parked));
    }

    private final class Parked {

        private final Caller from;
        private final PartitionId partition;
        private final Function<Executor, CompletableFuture<Body>> work;
        private final CompletableFuture<Body> answer = new CompletableFuture<>();
        private final AtomicBoolean taken = new AtomicBoolean();
        private volatile boolean ended;

        Parked(Caller from, PartitionId partition, Function<Executor, CompletableFuture<Body>> work) {
            this.from = from;
            this.partition = partition;
            this.work = work;
        }

        /** Once; may take a while. */
        void takeUp() {
            if (!taken.compareAndSet(false, true)) {
                return;
            }
            try {
                var unused = work.apply(Runnable::run).whenComplete((body, failure) -> {
                    if (failure == null) {
                        answer.complete(body);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            } finally {
                parked.remove(this);
                if (ended) { // else whoever tells of the end finds what this has left
                    onLate.accept(from);
                }
            }
        }

        void end() {
            ended = true;
            if (taken.compareAndSet(false, true)) {
                parked.remove(this);
            }
        }
    }
}
