package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.config.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // some results are asked for by id only
class ResultContractTest extends NodeFixture {

    private static DurableCallable<String> answer(String text) {
        return () -> text;
    }

    private @Nullable Object result(long id) throws Exception {
        return service().retrieveResult(id).get(10, SECONDS);
    }

    private void isStale(long id, Reason reason) {
        assertThatThrownBy(() -> result(id))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .has(code(
                        switch (reason) {
                            case DISPOSED -> ErrorCode.RESULT_DISPOSED;
                            case EVICTED -> ErrorCode.RESULT_EVICTED;
                            case UNKNOWN -> ErrorCode.TASK_ID_UNKNOWN;
                            case LOST -> ErrorCode.TASK_ID_LOST;
                        }))
                .isInstanceOfSatisfying(StaleTaskIdException.class, e -> {
                    assertThat(e.reason()).isEqualTo(reason);
                    assertThat(e.taskId()).isEqualTo(id);
                });
    }

    @Test
    void aResultIsTheSameEveryTimeBeforeAndAfterRestarts() throws Exception {
        long id = service().submit(() -> "random " + Math.random()).getTaskId();
        Object first = result(id);
        for (int i = 0; i < 3; i++) {
            assertThat(result(id)).isEqualTo(first);
            start(config -> {});
        }
        assertThat(result(id)).isEqualTo(first);
    }

    @Test
    void largeTasksAndResultsSurviveARestart() throws Exception {
        String large = "x".repeat(3_000_000);
        DurableExecutorServiceFuture<String> future = service().submit(() -> large + "y");
        assertThat(future.get(10, SECONDS)).hasSize(3_000_001);
        start(config -> {});
        assertThat(result(future.getTaskId())).isEqualTo(large + "y");
    }

    @Test
    void retrieveWaitsWithoutAThread() throws Exception {
        Gate gate = Gate.closed();
        long id = service().submit(gate.then("later")).getTaskId();
        DurableExecutorServiceFuture<Object> retrieved = service().retrieveResult(id);
        assertThat(retrieved.isDone()).isFalse();
        assertThat(retrieved.getTaskId()).isEqualTo(id);
        gate.open();
        assertThat(retrieved.get(10, SECONDS)).isEqualTo("later");
    }

    @Test
    void moreWaitersThanAllowedAreRejected() throws Exception {
        start(config -> config.setMaxWaiters(1));
        Gate gate = Gate.closed();
        long id = service().submit(gate.then("x")).getTaskId();
        DurableExecutorServiceFuture<Object> waits = service().retrieveResult(id);
        assertThatThrownBy(() -> service().retrieveResult(id))
                .isInstanceOf(RejectedExecutionException.class)
                .has(code(ErrorCode.TOO_MANY_WAITERS))
                .hasMessageContaining("max-waiters=1");
        assertThat(waits.cancel(true)).isTrue();
        DurableExecutorServiceFuture<Object> waitsInstead = service().retrieveResult(id);
        gate.open();
        assertThat(waitsInstead.get(10, SECONDS)).isEqualTo("x");
    }

    @Test
    void aDisposedResultIsGoneForGood() throws Exception {
        long id = service().submit(answer("x")).getTaskId();
        result(id);
        service().disposeResult(id);
        service().disposeResult(id);
        isStale(id, Reason.DISPOSED);
        assertThat(service().getTask(id)).isEmpty();
        start(config -> {});
        isStale(id, Reason.DISPOSED);
    }

    @Test
    void anUnfinishedTasksResultIsDroppedWhenItEnds() {
        Gate gate = Gate.closed();
        long id = service().submit(gate.then("x")).getTaskId();
        service().disposeResult(id);
        DurableExecutorStats stats = service().getStats();
        assertThat(stats.pending() + stats.running()).isEqualTo(1);
        gate.open();
        await().untilAsserted(() -> assertThat(service().getStats().completed()).isEqualTo(1));
        isStale(id, Reason.DISPOSED);
    }

    @Test
    void whoAsksAfterADisposeIsNotGivenTheResultAndWhoWaitedBeforeIs() throws Exception {
        Gate gate = Gate.closed();
        long id = service().submit(gate.then("x")).getTaskId();
        DurableExecutorServiceFuture<String> before = service().retrieveResult(id);
        service().disposeResult(id);
        isStale(id, Reason.DISPOSED);
        assertThatThrownBy(() -> service().retrieveAndDisposeResult(id).get(10, SECONDS))
                .hasCauseInstanceOf(StaleTaskIdException.class);
        gate.open();
        assertThat(before.get(10, SECONDS)).isEqualTo("x");
    }

    @Test
    void retrieveAndDisposeGivesTheResultOnce() throws Exception {
        Gate gate = Gate.closed();
        long id = service().submit(gate.then("once")).getTaskId();
        DurableExecutorServiceFuture<Object> taking = service().retrieveAndDisposeResult(id);
        assertThat(taking.isDone()).isFalse();
        gate.open();
        assertThat(taking.get(10, SECONDS)).isEqualTo("once");
        isStale(id, Reason.DISPOSED);
        assertThatThrownBy(() -> service().retrieveAndDisposeResult(id).get(10, SECONDS))
                .hasCauseInstanceOf(StaleTaskIdException.class);
        long large = service().submit(() -> "x".repeat(1_000_000)).getTaskId();
        assertThat(service().<String>retrieveAndDisposeResult(large).get(10, SECONDS))
                .hasSize(1_000_000);
    }

    @Test
    void theOldestResultsAreEvicted() throws Exception {
        start(config ->
                config.getDurableExecutorConfig(NAME).getResultRetention().setMaxResults(2));
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            DurableExecutorServiceFuture<String> future = service().submitToKeyOwner(answer("r" + i), "k");
            future.get(10, SECONDS);
            ids.add(future.getTaskId());
        }
        isStale(ids.get(0), Reason.EVICTED);
        // the last result is told with the record that ends its task, the eviction is the one behind it
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> isStale(ids.get(1), Reason.EVICTED));
        assertThat(result(ids.get(2))).isEqualTo("r2");
        assertThat(result(ids.get(3))).isEqualTo("r3");
        assertThat(service().getStats().evicted()).isEqualTo(2);
    }

    @Test
    void aResultWhoseTimeIsOverIsRemoved() throws Exception {
        long id = service()
                .submit(answer("short"), TaskOptions.create().resultTtl(Duration.ofMillis(50)))
                .getTaskId();
        long kept = service().submit(answer("kept")).getTaskId();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(service().getTask(id)).isEmpty());
        isStale(id, Reason.EVICTED);
        assertThat(result(kept)).isEqualTo("kept");
    }

    @Test
    void idsThatWereNeverIssuedAreUnknown() {
        long issued = service().submit(answer("x")).getTaskId();
        for (long id : new long[] {-1, 0, issued + 1000, Long.MAX_VALUE, 5L << 48 | 1}) {
            isStale(id, Reason.UNKNOWN);
            assertThat(service().getTask(id)).isEmpty();
            assertThatThrownBy(() -> service().disposeResult(id)).isInstanceOf(StaleTaskIdException.class);
        }
        assertThatThrownBy(() -> node().getDurableExecutorService("other")
                        .retrieveResult(issued)
                        .get(10, SECONDS))
                .hasCauseInstanceOf(StaleTaskIdException.class);
    }

    @Test
    void failuresAreStoredToo() {
        long id = service()
                .submit(() -> {
                    throw new IllegalArgumentException("bad");
                })
                .getTaskId();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> result(id))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class)
                    .hasRootCauseMessage("bad");
            start(config -> {});
        }
    }

    static class NotStorable extends Exception {
        @SuppressWarnings("serial") // on purpose
        private final Object field = new Object();

        @Override
        public String getMessage() {
            return "has " + (field == null ? "no" : "a") + " field";
        }
    }

    @Test
    void aFailureThatCanNotBeRebuiltIsDescribed() {
        long id = service()
                .submit(() -> {
                    throw new NotStorable();
                })
                .getTaskId();
        assertThatThrownBy(() -> result(id))
                .cause()
                .isInstanceOfSatisfying(
                        RemoteTaskException.class,
                        e -> assertThat(e.className()).isEqualTo(NotStorable.class.getName()))
                .hasMessageContaining("has a field")
                .has(code(ErrorCode.TASK_FAILED));
    }

    @Test
    void aTaskThatReturnsAThrowableSucceeded() throws Exception {
        long id = service().submit(() -> new IllegalStateException("a value")).getTaskId();
        assertThat(result(id)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aResultThatCanNotBeStoredFailsItsTaskAndNoOther() throws Exception {
        List<DurableExecutorServiceFuture<?>> bad = List.of(
                service().submitToKeyOwner(() -> new Object(), "k"),
                service().submitToKeyOwner(() -> new byte[100 * 1024 * 1024], "k"),
                service().submitToKeyOwner(() -> Thread.currentThread(), "k"));
        DurableExecutorServiceFuture<String> good = service().submitToKeyOwner(answer("good"), "k");
        assertThat(good.get(20, SECONDS)).isEqualTo("good");
        for (DurableExecutorServiceFuture<?> future : bad) {
            assertThatThrownBy(() -> future.get(20, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("Result")
                    .cause()
                    .has(code(ErrorCode.RESULT_NOT_STORABLE));
        }
    }

    @Test
    void aStoredResultThatNoLongerDecodesSaysSoAndStays() throws Exception {
        long id =
                service().submit(() -> new ArrayList<>(List.of(new Value("v")))).getTaskId();
        result(id);
        start(config -> config.getSerializationConfig().addAllowedClasses("com.acme.**"));
        assertThatThrownBy(() -> result(id))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(ResultNotReadableException.class)
                .has(code(ErrorCode.RESULT_NOT_READABLE));
        start(config -> {});
        assertThat(result(id)).isEqualTo(List.of(new Value("v")));
    }

    record Value(String text) implements java.io.Serializable {}

    @Test
    void aTaskThatThrowsACancellationHasFailedAndACancelledOneIsCancelled() {
        Gate gate = Gate.closed();
        DurableExecutorServiceFuture<String> failed = service().submit(() -> {
            throw new CancellationException("mine");
        });
        assertThatThrownBy(() -> failed.get(10, SECONDS)).isInstanceOf(ExecutionException.class);
        DurableExecutorServiceFuture<String> cancelled = service().submit(gate.then("x"));
        assertThat(cancelled.cancel(true)).isTrue();
        start(config -> {});
        assertThatThrownBy(() -> result(cancelled.getTaskId()))
                .isInstanceOf(CancellationException.class)
                .has(code(ErrorCode.TASK_CANCELLED));
    }
}
