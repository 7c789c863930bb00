package dev.holdfast.node.service;

import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.ledger.TaskEntry;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.storage.log.SnapshotItem.State;
import dev.holdfast.storage.log.TaskId;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A future over a stored task. The reply of the partition only wakes; the result is decoded once, by the first thread that
 * asks for it: the one in {@code get()}, or one of the callback pool for dependents. All who ask one future get the same
 * object; another future of the same task decodes one of its own.
 *
 * <p>The future of a submit is registered with the partition when somebody first waits, so that it costs nothing if nobody
 * does. A result that is evicted or disposed of before that is gone for it as for everybody.
 */
final class TaskFuture<T> extends DelegatingStage<T> implements DurableExecutorServiceFuture<T>, Consumer<Reply> {

    /** Starts waiting, and gives the handle to stop it. */
    interface Source {
        AutoCloseable start(Consumer<Reply> onReply);
    }

    /** What {@link #cancel} does to the task itself. */
    interface Canceller {

        /** Asks for it. What is returned waits for the answer: whether the task was cancelled now. */
        BooleanSupplier begin(boolean mayInterrupt);
    }

    private final Core core;
    private final @Nullable PartitionAccess partition;
    private final long taskId;
    private final long submittedNanos;
    private final Source source;
    private final @Nullable Canceller canceller;

    /** Completed with the reply, or exceptionally when this future's own waiting is cancelled. Also the lock below. */
    private final CompletableFuture<Reply> arrived = new CompletableFuture<>();

    private @Nullable AutoCloseable registration;
    private volatile boolean started;
    private volatile @Nullable Outcome outcome;
    private volatile @Nullable CallbackFuture<T> stage;

    /**
     * @param submittedNanos when the submit was called, by {@link System#nanoTime}, or 0 for another future
     * @param canceller null if cancelling stops the waiting only
     */
    TaskFuture(
            Core core,
            @Nullable PartitionAccess partition,
            long taskId,
            long submittedNanos,
            Source source,
            @Nullable Canceller canceller) {
        this.core = core;
        this.partition = partition;
        this.taskId = taskId;
        this.submittedNanos = submittedNanos;
        this.source = source;
        this.canceller = canceller;
    }

    @Override
    public long getTaskId() {
        return taskId;
    }

    /** @throws java.util.concurrent.RejectedExecutionException the node's limit of waiters is reached; nothing changed */
    void start() {
        if (!started) {
            synchronized (arrived) {
                if (!started) {
                    registration = source.start(this);
                    started = true;
                }
            }
        }
    }

    @Override
    public void accept(Reply reply) {
        // Not where it had ended before anybody waited: that would measure the waiting.
        if (submittedNanos != 0 && started && reply instanceof Reply.Ended) {
            core.latencies().submittedToResult(System.nanoTime() - submittedNanos);
        }
        core.context().callbacks().completing(() -> arrived.complete(reply));
    }

    /** Calls {@code listener}, which must be short, once the end is known or given up, with null then; on any thread. */
    void whenArrivedWith(Consumer<@Nullable Reply> listener) {
        start();
        CompletableFuture<Reply> unused = arrived.whenComplete((reply, cancelled) -> listener.accept(reply));
    }

    /** Reads and decodes what has arrived. */
    void fetch() {
        settle();
    }

    @Override
    public boolean isDone() {
        return arrived.isDone() || (!started && hasEnded());
    }

    private boolean hasEnded() {
        if (partition == null) {
            return true;
        }
        TaskEntry entry = partition.find(new TaskId(taskId).sequence());
        return entry == null || entry.isTerminal();
    }

    @Override
    public boolean isCancelled() {
        if (arrived.isCancelled()) {
            return true;
        }
        if (!isDone()) {
            return false;
        }
        start();
        awaitWhatIsThere();
        return arrived.isDone()
                && arrived.join() instanceof Reply.Ended ended
                && ended.outcome().state() == State.CANCELLED;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return beginCancel(mayInterruptIfRunning).getAsBoolean();
    }

    /** As {@link #cancel}, which is over when what is returned was asked: many are asked for before the first is waited for. */
    BooleanSupplier beginCancel(boolean mayInterruptIfRunning) {
        if (canceller == null) {
            return this::cancelWaiting;
        }
        BooleanSupplier answer = canceller.begin(mayInterruptIfRunning);
        return () -> {
            boolean cancelledNow = answer.getAsBoolean();
            if (cancelledNow) {
                awaitWhatIsThere();
            }
            return cancelledNow;
        };
    }

    private boolean cancelWaiting() {
        boolean cancelled = arrived.cancel(false);
        if (cancelled) {
            stopWaiting();
        }
        return cancelled;
    }

    /** The task has ended. Of one at another node that is told soon, and not before here it is done. */
    private void awaitWhatIsThere() {
        if (partition == null || partition.isLocal()) {
            return;
        }
        start();
        long deadlineNanos = core.calls().deadlineNanos();
        boolean interrupted = false;
        while (!arrived.isDone() && System.nanoTime() - deadlineNanos < 0) {
            try {
                Reply unused = arrived.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException | ExecutionException | CancellationException e) {
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopWaiting() {
        AutoCloseable handle;
        synchronized (arrived) {
            handle = registration;
            registration = null;
        }
        if (handle != null) {
            takeBack(handle);
        }
    }

    static void takeBack(AutoCloseable registration) {
        try {
            registration.close();
        } catch (Exception e) {
            throw new IllegalStateException("A waiter could not be taken back", e);
        }
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        start();
        core.context().briefWait().until(arrived::isDone);
        if (!arrived.isDone()) {
            try (NodeContext.Blocking blocking = core.context().blocking()) {
                arrived.get();
            } catch (CancellationException e) {
                return report(Outcome.CANCELLED);
            }
        }
        return report(settle());
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        start();
        core.context().briefWait().until(arrived::isDone);
        if (!arrived.isDone()) {
            try (NodeContext.Blocking blocking = core.context().blocking()) {
                arrived.get(timeout, unit);
            } catch (CancellationException e) {
                return report(Outcome.CANCELLED);
            }
        }
        return report(settle());
    }

    @SuppressWarnings({"unchecked", "NullAway"
    }) // the type is the caller's word, as with any stored object; null is a value
    private static <T> T report(Outcome outcome) throws ExecutionException {
        return (T) outcome.report();
    }

    /** Decodes what has arrived, once. */
    private Outcome settle() {
        Outcome settled = outcome;
        if (settled == null) {
            synchronized (arrived) {
                settled = outcome;
                if (settled == null) {
                    settled = arrived.isCancelled()
                            ? Outcome.CANCELLED
                            : Outcome.of(core, partition, taskId, arrived.join());
                    outcome = settled;
                }
            }
        }
        return settled;
    }

    /** A new one each time: who completes or cancels it changes nothing else. */
    @Override
    public CompletableFuture<T> toCompletableFuture() {
        start();
        CallbackFuture<T> copy = new CallbackFuture<>(core.context().callbacks());
        completeLater(copy);
        return copy;
    }

    @Override
    CompletableFuture<T> stage() {
        CallbackFuture<T> current = stage;
        if (current != null) {
            return current;
        }
        start();
        synchronized (arrived) {
            current = stage;
            if (current != null) {
                return current;
            }
            current = new CallbackFuture<>(core.context().callbacks());
            stage = current;
        }
        completeLater(current);
        return current;
    }

    private void completeLater(CallbackFuture<T> target) {
        Outcome settled = outcome;
        if (settled == null) {
            CompletableFuture<?> unused = arrived.whenCompleteAsync(
                            (reply, cancelled) -> complete(target, settle()),
                            core.context().callbacks().here())
                    .whenComplete((reply, failure) -> {
                        // The callback pool of a closed node takes nothing: whoever waits is told so.
                        if (failure != null && !target.isDone()) {
                            target.completeExceptionally(failure);
                        }
                    });
        } else {
            complete(target, settled);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // as above
    private static <T> void complete(CallbackFuture<T> target, Outcome settled) {
        Throwable failure = settled.failure();
        if (settled.cancelled()) {
            target.cancel(false);
        } else if (failure == null) {
            target.complete((T) settled.value());
        } else if (failure instanceof CancellationException || failure instanceof CompletionException) {
            // Thrown by the task itself: bare, it would look like a cancellation, or be taken for its own cause.
            target.completeExceptionally(new CompletionException(failure));
        } else {
            target.completeExceptionally(failure);
        }
    }

    /** Asks no other node: of a task that is led there it tells what has been heard. */
    @Override
    public String toString() {
        boolean isHere = partition == null || partition.isLocal();
        boolean done = isHere ? isDone() : arrived.isDone();
        return "TaskFuture[taskId=" + taskId + ", executor=" + core.name() + ", " + (done ? "done" : "not done") + "]";
    }
}
