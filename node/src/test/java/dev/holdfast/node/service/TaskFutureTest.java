package dev.holdfast.node.service;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.HoldfastException;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.TaskOptions;
import dev.holdfast.config.Config;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.storage.log.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskFutureTest {

    private static final String NAME = "jobs";

    private final FakeNode node = new FakeNode(new Config(), 4, 100);
    private final DurableExecutorService service = new DurableExecutorServiceImpl(NAME, node);

    @AfterEach
    void tearDown() {
        node.close();
    }

    private DurableExecutorServiceFuture<String> submit() {
        return service.submit((DurableCallable<String>) () -> "unused");
    }

    @Test
    void getWaitsForTheEndAndHoldsABlockingTicket() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        FutureTask<String> getting = new FutureTask<>(future::get);
        new Thread(getting).start();
        await().until(() -> node.blocked.get() == 1);
        assertThat(future.isDone()).isFalse();
        node.complete(future.getTaskId(), "done");
        assertThat(getting.get(10, SECONDS)).isEqualTo("done");
        assertThat(service.getStats().submitToResult().count()).isEqualTo(1);
        assertThat(node.blocked.get()).isZero();
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isFalse();
    }

    @Test
    void nothingIsRegisteredUntilSomebodyWaits() {
        DurableExecutorServiceFuture<String> future = submit();
        assertThat(node.partition(future.getTaskId()).waiterCount()).isZero();
        assertThat(future.isDone()).isFalse();
        assertThat(node.partition(future.getTaskId()).waiterCount()).isZero();
        node.complete(future.getTaskId(), "x");
        assertThat(future.isDone()).isTrue();
    }

    @Test
    void aTimeOutLeavesTheFutureUsable() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        assertThatThrownBy(() -> future.get(1, MILLISECONDS)).isInstanceOf(TimeoutException.class);
        node.complete(future.getTaskId(), "later");
        assertThat(future.get(1, SECONDS)).isEqualTo("later");
    }

    @Test
    void anInterruptionEndsTheWaitOnly() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        Thread.currentThread().interrupt();
        assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
        node.complete(future.getTaskId(), "later");
        assertThat(future.get()).isEqualTo("later");
    }

    @Test
    void everyGetOfOneFutureGivesTheSameObjectAndAnotherFutureItsOwn() throws Exception {
        DurableExecutorServiceFuture<ArrayList<String>> future =
                service.submit((DurableCallable<ArrayList<String>>) ArrayList::new);
        node.complete(future.getTaskId(), new ArrayList<>(List.of("a")));
        ArrayList<String> first = future.get();
        assertThat(future.get()).isSameAs(first);
        first.add("b");
        assertThat(service.retrieveResult(future.getTaskId()).get()).isEqualTo(List.of("a"));
    }

    @Test
    void dependentsRunOnTheCallbackPool() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        CompletableFuture<String> before =
                future.thenApply(value -> Thread.currentThread().getName()).toCompletableFuture();
        node.complete(future.getTaskId(), "x");
        assertThat(before.get(10, SECONDS)).isEqualTo(FakeNode.CALLBACK_THREAD);
        CompletableFuture<String> after = future.thenApply(value -> "1")
                .thenApply(value -> Thread.currentThread().getName())
                .toCompletableFuture();
        assertThat(after.get(10, SECONDS)).isEqualTo(FakeNode.CALLBACK_THREAD);
        assertThat(future.thenCombine(submitted("y"), (a, b) -> a + b)
                        .toCompletableFuture()
                        .get(10, SECONDS))
                .isEqualTo("xy");
    }

    /** A callback that submits may commit and tell what others wait for: their dependents are not its business. */
    @Test
    void aDependentDoesNotRunWithinWhoTellsItsResult() throws Exception {
        DurableExecutorServiceFuture<String> other = submit();
        AtomicBoolean ran = new AtomicBoolean();
        CompletionStage<Void> dependent = other.thenAccept(value -> ran.set(true));
        CompletableFuture<Boolean> ranWithin = new CompletableFuture<>();
        node.callbacks().execute(() -> {
            node.complete(other.getTaskId(), "x");
            ranWithin.complete(ran.get());
        });
        assertThat(ranWithin.get(10, SECONDS)).isFalse();
        dependent.toCompletableFuture().get(10, SECONDS);
        assertThat(ran).isTrue();
    }

    @Test
    void aDependentOfAnAsyncSubmitDoesNotRunWithinWhoTellsIt() throws Exception {
        AtomicBoolean ran = new AtomicBoolean();
        CompletableFuture<Boolean> ranWithin = new CompletableFuture<>();
        node.callbacks().execute(() -> {
            node.fakes().forEach(partition -> partition.holdReplies = true);
            CompletionStage<Void> dependent = service.submitAsync(
                            (DurableCallable<String>) () -> "unused", TaskOptions.create())
                    .thenAccept(stored -> ran.set(true));
            assertThat(dependent).isNotNull();
            node.fakes().forEach(FakePartition::releaseReplies);
            ranWithin.complete(ran.get());
        });
        assertThat(ranWithin.get(10, SECONDS)).isFalse();
        await().untilTrue(ran);
    }

    private DurableExecutorServiceFuture<String> submitted(String result) {
        DurableExecutorServiceFuture<String> future = submit();
        node.complete(future.getTaskId(), result);
        return future;
    }

    @Test
    void completingACopyCompletesNothingElse() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        assertThat(future.toCompletableFuture().complete("forged")).isTrue();
        assertThat(future.isDone()).isFalse();
        node.complete(future.getTaskId(), "real");
        assertThat(future.get()).isEqualTo("real");
        assertThat(future.toCompletableFuture().get(10, SECONDS)).isEqualTo("real");
    }

    @Test
    void aFailureIsTheCause() {
        DurableExecutorServiceFuture<String> future = submit();
        node.fail(future.getTaskId(), new IllegalArgumentException("bad"));
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasRootCauseMessage("bad");
        assertThat(future.handle((value, e) -> e).toCompletableFuture().join())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTaskThatThrowsACancellationHasFailed() {
        DurableExecutorServiceFuture<String> future = submit();
        node.fail(future.getTaskId(), new CancellationException("from within"));
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.handle((value, e) -> e).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(CancellationException.class);
    }

    @Test
    void aTaskThatReturnsAThrowableSucceeded() throws Exception {
        DurableExecutorServiceFuture<Object> future = service.submit((DurableCallable<Object>) () -> "unused");
        node.complete(future.getTaskId(), new IllegalStateException("a value"));
        assertThat(future.get()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancelOfASubmitCancelsTheTask() {
        DurableExecutorServiceFuture<String> future = submit();
        node.start(future.getTaskId(), NAME);
        assertThat(future.cancel(false)).isTrue();
        assertThat(node.interrupted).isEmpty();
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isTrue();
        assertThat(future.cancel(true)).isFalse();
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> service.retrieveResult(future.getTaskId()).get())
                .isInstanceOf(CancellationException.class);
        assertThat(future.handle((value, e) -> e).toCompletableFuture().join())
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void cancelInterruptsIfAsked() {
        DurableExecutorServiceFuture<String> future = submit();
        node.start(future.getTaskId(), NAME);
        assertThat(future.cancel(true)).isTrue();
        assertThat(node.interrupted).containsExactly(new TaskId(future.getTaskId()));
    }

    @Test
    void cancelOfARetrieveStopsWaitingOnly() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        FakePartition partition = node.partition(future.getTaskId());
        DurableExecutorServiceFuture<String> retrieved = service.retrieveResult(future.getTaskId());
        assertThat(partition.waiterCount()).isEqualTo(1);
        CompletableFuture<String> dependent = retrieved.toCompletableFuture();
        assertThat(retrieved.cancel(true)).isTrue();
        assertThat(partition.waiterCount()).isZero();
        assertThat(retrieved.isCancelled()).isTrue();
        assertThatThrownBy(retrieved::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> dependent.get(10, SECONDS)).isInstanceOf(CancellationException.class);
        node.complete(future.getTaskId(), "still runs");
        assertThat(future.get()).isEqualTo("still runs");
    }

    @Test
    void aStaleIdIsToldThroughTheFuture() {
        for (long id : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 48, 77, TaskId.MAX_SEQUENCE}) {
            DurableExecutorServiceFuture<Object> future = service.retrieveResult(id);
            assertThat(future.isDone()).isTrue();
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(StaleTaskIdException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.UNKNOWN);
                        assertThat(e.taskId()).isEqualTo(id);
                    });
        }
    }

    @Test
    void anotherExecutorsTaskIsUnknown() {
        DurableExecutorServiceFuture<String> future = submitted("mine");
        DurableExecutorService other = new DurableExecutorServiceImpl("other", node);
        assertThatThrownBy(() -> other.retrieveResult(future.getTaskId()).get())
                .hasCauseInstanceOf(StaleTaskIdException.class);
        assertThat(other.getTask(future.getTaskId())).isEmpty();
    }

    @Test
    void theFutureOfASubmitTellsThatItsResultWasDisposedOf() {
        DurableExecutorServiceFuture<String> future = submitted("x");
        service.disposeResult(future.getTaskId());
        assertThat(future.isDone()).isTrue();
        assertThatThrownBy(future::get).hasCauseInstanceOf(StaleTaskIdException.class);
    }

    @Test
    void retrieveAndDisposeTakesTheResultOnce() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        DurableExecutorServiceFuture<String> first = service.retrieveAndDisposeResult(future.getTaskId());
        DurableExecutorServiceFuture<String> second = service.retrieveAndDisposeResult(future.getTaskId());
        assertThat(first.isDone()).isFalse();
        // Eager: nobody has asked for the future's value, the result goes all the same.
        node.complete(future.getTaskId(), "taken");
        assertThat(service.getTask(future.getTaskId())).isEmpty();
        List<Object> outcomes = new ArrayList<>();
        for (DurableExecutorServiceFuture<String> each : List.of(first, second)) {
            try {
                outcomes.add(each.get());
            } catch (ExecutionException e) {
                outcomes.add(e.getCause() instanceof StaleTaskIdException stale ? stale.reason() : e);
            }
        }
        assertThat(outcomes).containsExactlyInAnyOrder("taken", Reason.DISPOSED);
    }

    @Test
    void aCancelledRetrieveAndDisposeRemovesNothing() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        assertThat(service.retrieveAndDisposeResult(future.getTaskId()).cancel(false))
                .isTrue();
        node.complete(future.getTaskId(), "kept");
        assertThat(service.retrieveResult(future.getTaskId()).get()).isEqualTo("kept");
    }

    @Test
    void tooManyWaitersAreRejectedAndTheFutureStaysUsable() throws Exception {
        DurableExecutorServiceFuture<String> future = submit();
        node.partition(future.getTaskId()).maxWaiters = 0;
        assertThatThrownBy(() -> service.retrieveResult(future.getTaskId()))
                .isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(future::get).isInstanceOf(RejectedExecutionException.class);
        node.complete(future.getTaskId(), "x");
        assertThat(future.get()).isEqualTo("x");
    }

    @Test
    void aStageOfAClosedNodesFutureIsCompletedAllTheSame() {
        DurableExecutorServiceFuture<String> future = submit();
        node.close();
        CompletableFuture<String> dependent = future.toCompletableFuture();
        node.complete(future.getTaskId(), "x");
        assertThatThrownBy(() -> dependent.get(10, SECONDS)).hasRootCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aPartitionThatStopsAnswersThoseWhoWait() {
        DurableExecutorServiceFuture<String> future = submit();
        CompletableFuture<String> dependent = future.toCompletableFuture();
        node.partition(future.getTaskId()).stop("disk on fire");
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(HoldfastException.class)
                .hasMessageContaining("disk on fire");
        assertThatThrownBy(dependent::join).hasMessageContaining("disk on fire");
    }

    @Test
    void whatAFutureLooksLikeIsNotAskedOfAnotherNode() {
        DurableExecutorServiceFuture<String> future = submit();
        FakePartition partition = node.partition(future.getTaskId());
        partition.remote = true;
        partition.leaderless = true;
        assertThat(future.toString()).contains("taskId=" + future.getTaskId(), "executor=jobs", "not done");
    }

    @Test
    void aRetrieveAndDisposeOfATaskThatRunsAgainMeanwhileCanBeTakenBack() {
        DurableExecutorServiceFuture<String> future = submit();
        long id = future.getTaskId();
        FakePartition partition = node.partition(id);
        node.fail(id, new IllegalStateException("once"));
        AtomicBoolean first = new AtomicBoolean(true);
        partition.beforePost = command -> {
            if (command instanceof Command.RetrieveAndDispose && first.getAndSet(false)) {
                service.retry(id);
            }
        };
        DurableExecutorServiceFuture<String> retrieving = service.retrieveAndDisposeResult(id);
        assertThat(partition.waiterCount()).isOne();
        assertThat(retrieving.cancel(false)).isTrue();
        assertThat(partition.waiterCount()).isZero();
    }
}
