package dev.holdfast.node.service;

import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.IndeterminateOutcomeException;
import dev.holdfast.config.ErrorCode;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.TaskId;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** Stores submissions: on the caller's thread, which posts and then parks, or without blocking. */
final class Submitter {

    private final Core core;
    private final TaskControl control;

    Submitter(Core core, TaskControl control) {
        this.core = core;
        this.control = control;
    }

    /** A closed node and a small cluster refuse before anything is encoded. */
    void checkOpen() {
        try {
            core.context().checkOpen();
        } catch (IllegalStateException e) {
            throw new RejectedExecutionException(e.getMessage(), e);
        }
        core.protection().checkWrite();
    }

    <T> TaskFuture<T> submit(Request request) {
        long startNanos = System.nanoTime();
        return future(store(request, startNanos), startNanos);
    }

    /** Returns when the task is committed, else throws. */
    TaskId store(Request request, long startNanos) {
        long deadlineNanos = core.calls().deadlineNanos();
        Refusals refusals = new Refusals(core);
        PartitionAccess partition;
        while ((partition = request.route().next()) != null) {
            ReplyWait wait = new ReplyWait();
            if (!partition.post(request.command(), wait)) {
                refusals.add(partition);
                continue;
            }
            Reply reply = wait.await(deadlineNanos);
            if (reply == null) {
                throw indeterminate(request, partition);
            }
            if (reply instanceof Reply.Stored stored) {
                core.latencies().submittedToStored(System.nanoTime() - startNanos);
                return TaskId.of(partition.id(), stored.sequence());
            }
            if (isFinal(reply, partition, refusals)) {
                break;
            }
        }
        throw refusals.rejection(request.route().isKeyless());
    }

    /** Notes a refusal; whether no other partition is to be asked. */
    private boolean isFinal(Reply reply, PartitionAccess partition, Refusals refusals) {
        if (reply instanceof Reply.Refused refused) {
            Protection.checkAnswer(refused);
            refusals.add(refused);
            // Where nobody led the partition in time, there is no time left for another one.
            return refused.refusal() == Reply.Refusal.SHUTDOWN || refused.refusal() == Reply.Refusal.NO_OWNER;
        }
        if (reply instanceof Reply.Unanswered unanswered) {
            throw core.calls().unanswered(partition, unanswered);
        }
        throw new IllegalStateException("Unexpected reply to a submit: " + reply);
    }

    private IndeterminateOutcomeException indeterminate(Request request, PartitionAccess partition) {
        String key = request.idempotencyKey();
        return new IndeterminateOutcomeException(
                ErrorCode.SUBMIT_INDETERMINATE.says("No answer in time, the task may be stored: executor=" + core.name()
                        + ", partition=" + partition.id() + ", submit-timeout="
                        + core.context().config().getSubmitTimeout() + ", idempotency-key="
                        + (key == null ? "none" : key)
                        + (key == null
                                ? "; submit with an idempotency key, then a repeated submit is never stored twice"
                                : "; submit again with the same idempotency key")));
    }

    private <T> TaskFuture<T> future(TaskId task, long startNanos) {
        PartitionAccess partition = core.partitions().get(task.partition().value());
        return new TaskFuture<>(
                core,
                partition,
                task.value(),
                startNanos,
                onReply -> core.awaitResult(partition, task.sequence(), onReply),
                mayInterrupt -> control.beginCancel(task.value(), mayInterrupt));
    }

    /** As {@link #submit}; has no time-out of its own, and goes on to the next partition on the callback pool. */
    <T> CompletionStage<DurableExecutorServiceFuture<T>> submitAsync(Request request) {
        CallbackFuture<DurableExecutorServiceFuture<T>> stage =
                new CallbackFuture<>(core.context().callbacks());
        new AsyncSubmit<>(request, stage).next();
        return stage;
    }

    /** The way of one submission through the partitions; one thread at a time. */
    private final class AsyncSubmit<T> {

        private final Request request;
        private final CallbackFuture<DurableExecutorServiceFuture<T>> stage;
        private final Refusals refusals = new Refusals(core);
        private final long startNanos = System.nanoTime();

        AsyncSubmit(Request request, CallbackFuture<DurableExecutorServiceFuture<T>> stage) {
            this.request = request;
            this.stage = stage;
        }

        void next() {
            PartitionAccess partition;
            while ((partition = request.route().next()) != null) {
                PartitionAccess asked = partition;
                if (partition.post(
                        request.command(),
                        reply -> core.context().callbacks().completing(() -> accept(asked, reply)))) {
                    return;
                }
                refusals.add(partition);
            }
            stage.completeExceptionally(refusals.rejection(request.route().isKeyless()));
        }

        private void accept(PartitionAccess partition, Reply reply) {
            if (reply instanceof Reply.Stored stored) {
                core.latencies().submittedToStored(System.nanoTime() - startNanos);
                stage.complete(future(TaskId.of(partition.id(), stored.sequence()), startNanos));
                return;
            }
            try {
                if (isFinal(reply, partition, refusals)) {
                    stage.completeExceptionally(
                            refusals.rejection(request.route().isKeyless()));
                } else {
                    core.context().callbacks().execute(this::next);
                }
            } catch (RuntimeException e) {
                stage.completeExceptionally(e);
            }
        }
    }
}
