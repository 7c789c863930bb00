package dev.holdfast.node.service;

import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.Reply.Staleness;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.Body;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Retrieves results by id. What is waited for is registered at once, so that a result that comes meanwhile is not missed. */
final class Results {

    private static final AutoCloseable NOTHING_TO_CLOSE = () -> {};

    private final Core core;

    Results(Core core) {
        this.core = core;
    }

    <T> TaskFuture<T> retrieve(long taskId) {
        core.context().checkOpen();
        core.protection().checkRead();
        PartitionAccess partition = core.router().find(taskId);
        if (partition == null) {
            return unknown(taskId);
        }
        long sequence = TaskControl.sequence(taskId);
        return started(new TaskFuture<>(
                core, partition, taskId, 0, onReply -> core.awaitResult(partition, sequence, onReply), null));
    }

    private static <T> TaskFuture<T> started(TaskFuture<T> future) {
        future.start();
        return future;
    }

    <T> TaskFuture<T> retrieveAndDispose(long taskId) {
        core.context().checkOpen();
        core.protection().checkWrite();
        PartitionAccess partition = core.router().find(taskId);
        if (partition == null) {
            return unknown(taskId);
        }
        TaskFuture<T> future = new TaskFuture<>(
                core,
                partition,
                taskId,
                0,
                onReply -> {
                    Taking taking = new Taking(partition, taskId, onReply);
                    taking.awaitEnd();
                    return taking;
                },
                null);
        // The bytes of a large result stay in the log only as long as something names them: fetch them now.
        future.whenArrivedWith(reply -> {
            if (reply instanceof Reply.Ended ended && ended.outcome().result() instanceof Body.Stored) {
                core.context().callbacks().execute(future::fetch);
            }
        });
        return future;
    }

    /** Told through the future, as every reason for a missing result is. */
    private <T> TaskFuture<T> unknown(long taskId) {
        TaskFuture.Source source = onReply -> {
            onReply.accept(new Reply.Stale(Staleness.UNKNOWN));
            return NOTHING_TO_CLOSE;
        };
        return started(new TaskFuture<>(core, null, taskId, 0, source, null));
    }

    /**
     * Takes a result out once it is there: waits for the end, then asks. If another was faster, the answer is DISPOSED; if
     * a failed task was made to run again meanwhile, it waits again. Nothing is removed once the caller has stopped waiting.
     */
    private final class Taking implements AutoCloseable {

        private final PartitionAccess partition;
        private final long taskId;
        private final Consumer<Reply> onReply;
        private final AtomicReference<@Nullable Handle> waiting = new AtomicReference<>();
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile boolean closed;
        /** What was told before it was taken: of a result on another node, with its bytes. */
        private volatile Reply.@Nullable Ended told;

        Taking(PartitionAccess partition, long taskId, Consumer<Reply> onReply) {
            this.partition = partition;
            this.taskId = taskId;
            this.onReply = onReply;
        }

        void awaitEnd() {
            int round = rounds.incrementAndGet();
            AutoCloseable handle = core.awaitResult(partition, TaskControl.sequence(taskId), this::onEnd);
            // A task that had ended may be told, asked for, and found to run again within that call: then the handle of
            // the
            // round that began since counts.
            waiting.accumulateAndGet(new Handle(round, handle), Handle::later);
            if (closed) {
                close();
            }
        }

        private void onEnd(Reply end) {
            if (closed) {
                return;
            }
            Command command = new Command.RetrieveAndDispose(core.name(), TaskControl.sequence(taskId));
            if (!(end instanceof Reply.Ended ended)) {
                onReply.accept(end);
                return;
            }
            told = ended;
            if (!partition.post(command, this::onTaken)) {
                onReply.accept(new Reply.Unanswered(
                        String.valueOf(core.calls().refusing(partition).getMessage())));
            }
        }

        private void onTaken(Reply reply) {
            if (!(reply instanceof Reply.NotEnded)) {
                onReply.accept(withBytes(reply));
                return;
            }
            try {
                awaitEnd();
            } catch (RejectedExecutionException e) {
                onReply.accept(new Reply.Unanswered(String.valueOf(e.getMessage())));
            }
        }

        /** A call that was sent again, or whose result's record is gone, is answered without bytes: they came before. */
        private Reply withBytes(Reply reply) {
            Reply.Ended before = told;
            boolean isWithout = reply instanceof Reply.Taken
                    || (reply instanceof Reply.Ended ended && ended.outcome().result() instanceof Body.Elsewhere);
            return isWithout && before != null ? before : reply;
        }

        @Override
        public void close() {
            closed = true;
            Handle last = waiting.getAndSet(null);
            if (last != null) {
                TaskFuture.takeBack(last.handle());
            }
        }
    }

    /** What stops the waiting of one round. */
    private record Handle(int round, AutoCloseable handle) {

        static Handle later(@Nullable Handle one, Handle other) {
            return one != null && one.round() > other.round() ? one : other;
        }
    }
}
