package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.ErrorCode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // some results are asked for by id only
class WholeExecutorContractTest extends NodeFixture {

    private static DurableCallable<String> answer(String text) {
        return () -> text;
    }

    private void onePoolThread() {
        start(config -> config.getDurableExecutorConfig(NAME).setPoolSize(1));
    }

    private void isRejected() {
        assertThatThrownBy(() -> service().submit(answer("x")))
                .isInstanceOf(RejectedExecutionException.class)
                .has(code(ErrorCode.EXECUTOR_SHUT_DOWN))
                .hasMessageContaining("executor=" + NAME);
    }

    @Test
    void shutdownIsDurableAndWhatWasAcceptedStillRuns() throws Exception {
        onePoolThread();
        Gate gate = Gate.closed();
        long running = service().submit(gate.then("running")).getTaskId();
        long waiting = service().submit(gate.then("waiting")).getTaskId();
        service().shutdown();
        service().shutdown();
        assertThat(service().isShutdown()).isTrue();
        assertThat(service().isTerminated()).isFalse();
        isRejected();
        assertThat(service().awaitTermination(20, MILLISECONDS)).isFalse();
        start(config -> {});
        assertThat(service().isShutdown()).isTrue();
        isRejected();
        assertThat(node().getDurableExecutorService("other").submit(answer("x")).get(10, SECONDS))
                .isEqualTo("x");
        gate.open();
        assertThat(service().awaitTermination(20, SECONDS)).isTrue();
        assertThat(service().isTerminated()).isTrue();
        assertThat(service().retrieveResult(running).get()).isEqualTo("running");
        assertThat(service().retrieveResult(waiting).get()).isEqualTo("waiting");
        service().reopen();
        assertThat(service().isShutdown()).isFalse();
        assertThat(service().submit(answer("open")).get(10, SECONDS)).isEqualTo("open");
        start(config -> {});
        assertThat(service().isShutdown()).isFalse();
    }

    record Named(String name) implements DurableRunnable {
        @Override
        public void run() {}
    }

    @Test
    void shutdownNowInterruptsAndReturnsWhatNeverStarted() throws Exception {
        onePoolThread();
        Gate gate = Gate.closed();
        DurableExecutorServiceFuture<String> running = service().submit(gate.then("running"));
        await().until(() -> !gate.events().isEmpty());
        DurableExecutorServiceFuture<?> waiting = service().submit(new Named("waiting"));
        assertThat(service().shutdownNow()).containsExactly(new Named("waiting"));
        assertThat(waiting.isCancelled()).isTrue();
        assertThatThrownBy(() -> running.get(10, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        assertThat(service().awaitTermination(10, SECONDS)).isTrue();
        isRejected();
    }

    @Test
    void pauseStopsStartingAndGoesOnAcceptingAlsoAfterARestart() throws Exception {
        service().pause();
        assertThat(service().isPaused()).isTrue();
        Gate gate = Gate.closed();
        gate.open();
        long id = service().submit(gate.then("x")).getTaskId();
        start(config -> {});
        assertThat(service().isPaused()).isTrue();
        service().submit(gate.then("y"));
        // The other executor's task comes back, so the pool has had its turn.
        node().getDurableExecutorService("other").submit(answer("x")).get(10, SECONDS);
        assertThat(gate.events()).isEmpty();
        assertThat(service().getTask(id).orElseThrow().state()).isEqualTo(TaskState.PENDING);
        service().resume();
        assertThat(service().isPaused()).isFalse();
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("x");
    }

    @Test
    void destroyRemovesTasksAndResultsForGood() throws Exception {
        onePoolThread();
        long finished = service().submit(answer("finished")).getTaskId();
        service().retrieveResult(finished).get(10, SECONDS);
        Gate gate = Gate.closed();
        DurableExecutorServiceFuture<String> running = service().submitToKeyOwner(gate.then("running"), "k");
        await().until(() -> !gate.events().isEmpty());
        DurableExecutorServiceFuture<String> waiting = service().submitToKeyOwner(gate.then("waiting"), "k");
        service().destroy();
        await().until(() -> gate.events().contains("interrupted running"));
        assertThat(service().tasks(TaskQuery.all())).isEmpty();
        for (DurableExecutorServiceFuture<String> future : List.of(running, waiting)) {
            assertThatThrownBy(() -> future.get(10, SECONDS)).hasCauseInstanceOf(StaleTaskIdException.class);
        }
        assertThatThrownBy(() -> service().retrieveResult(finished).get(10, SECONDS))
                .hasCauseInstanceOf(StaleTaskIdException.class);
        DurableExecutorServiceFuture<String> after = service().submit(answer("after"));
        assertThat(after.get(10, SECONDS)).isEqualTo("after");
        start(config -> {});
        assertThat(service().tasks(TaskQuery.all()).map(TaskInfo::taskId)).containsExactly(after.getTaskId());
        assertThat(gate.events()).doesNotContain("started waiting");
    }

    @Test
    void closeOfTheServiceDoesNothing() throws Exception {
        service().close();
        assertThat(service().isShutdown()).isFalse();
        assertThat(service().submit(answer("x")).get(10, SECONDS)).isEqualTo("x");
    }

    @Test
    void operationsOnANameThatWasNeverUsedWork() throws Exception {
        DurableExecutorService fresh = node().getDurableExecutorService("fresh");
        assertThat(fresh.isShutdown()).isFalse();
        assertThat(fresh.isTerminated()).isFalse();
        assertThat(fresh.getStats().completed()).isZero();
        fresh.destroy();
        fresh.reopen();
        fresh.shutdown();
        assertThat(fresh.isTerminated()).isTrue();
        assertThat(fresh.shutdownNow()).isEmpty();
    }

    // ---- bulk

    @Test
    void invokeAllGivesAllInOrder() throws Exception {
        List<Future<String>> futures =
                service().invokeAll(List.<Callable<String>>of(answer("a"), answer("b"), failing()));
        assertThat(futures).hasSize(3).allMatch(Future::isDone);
        assertThat(futures.get(0).get()).isEqualTo("a");
        assertThat(futures.get(1).get()).isEqualTo("b");
        assertThatThrownBy(() -> futures.get(2).get()).isInstanceOf(ExecutionException.class);
    }

    private static DurableCallable<String> failing() {
        return () -> {
            throw new IllegalStateException("fails");
        };
    }

    @Test
    void invokeAllCancelsWhatIsLate() throws Exception {
        Gate gate = Gate.closed();
        List<Future<String>> futures =
                service().invokeAll(List.<Callable<String>>of(answer("a"), gate.then("late")), 300, MILLISECONDS);
        assertThat(futures.get(0).get()).isEqualTo("a");
        assertThat(futures.get(1).isCancelled()).isTrue();
        await().until(() -> gate.events().contains("interrupted late"));
    }

    @Test
    void invokeAnyGivesASuccessAndCancelsTheRest() throws Exception {
        Gate gate = Gate.closed();
        assertThat(service().invokeAny(List.<Callable<String>>of(failing(), gate.then("late"), answer("won"))))
                .isEqualTo("won");
        await().until(() -> service().getStats().cancelled() == 1);
        assertThatThrownBy(() -> service().invokeAny(List.<Callable<String>>of(failing(), failing())))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("fails");
        assertThatThrownBy(() -> service()
                        .invokeAny(List.<Callable<String>>of(Gate.closed().then("late")), 20, MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aTaskMayInvokeAllOnAPoolOfOne() throws Exception {
        start(config -> {
            config.getDurableExecutorConfig(NAME).setPoolSize(1);
            config.getUserContext().put("fixture", this);
        });
        assertThat(service().submit(WholeExecutorContractTest::invokesAll).get(20, SECONDS))
                .isEqualTo(3);
    }

    private static int invokesAll() throws Exception {
        WholeExecutorContractTest fixture =
                (WholeExecutorContractTest) TaskContext.current().userContext().get("fixture");
        if (fixture == null) {
            throw new IllegalStateException("no fixture in the user context");
        }
        return fixture.service()
                .invokeAll(List.<Callable<String>>of(answer("a"), answer("b"), answer("c")))
                .size();
    }
}
