package dev.holdfast;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.StaleTaskIdException.Reason;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // some results are asked for by id only
class TaskControlContractTest extends NodeFixture {

    private TaskState state(long id) {
        return service().getTask(id).orElseThrow().state();
    }

    private void onePoolThread() {
        start(config -> config.getDurableExecutorConfig(NAME).setPoolSize(1));
    }

    private static void awaitStart(Gate gate) {
        await().until(() -> !gate.events().isEmpty());
    }

    // ---- cancel

    @Test
    void aCancelledTaskThatWaitsNeverStarts() {
        onePoolThread();
        Gate gate = Gate.closed();
        service().submit(gate.then("first"));
        awaitStart(gate);
        DurableExecutorServiceFuture<String> second = service().submit(gate.then("second"));
        assertThat(service().cancel(second.getTaskId())).isTrue();
        assertThat(second.isCancelled()).isTrue();
        assertThatThrownBy(second::get).isInstanceOf(CancellationException.class);
        assertThat(state(second.getTaskId())).isEqualTo(TaskState.CANCELLED);
        assertThat(service().cancel(second.getTaskId())).isFalse();
        gate.open();
        await().until(() -> service().getStats().completed() == 1);
        start(config -> {});
        assertThat(state(second.getTaskId())).isEqualTo(TaskState.CANCELLED);
        assertThat(gate.events()).containsExactly("started first", "ended first");
    }

    @Test
    void aRunningTaskIsInterruptedIfAsked() {
        Gate gate = Gate.closed();
        DurableExecutorServiceFuture<String> future = service().submit(gate.then("x"));
        awaitStart(gate);
        assertThat(future.cancel(true)).isTrue();
        await().until(() -> gate.events().contains("interrupted x"));
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThat(service().getStats().cancelled()).isEqualTo(1);
    }

    @Test
    void aRunningTaskIsLeftAloneIfNotAsked() {
        Gate gate = Gate.closed();
        DurableExecutorServiceFuture<String> future = service().submit(gate.then("x"));
        awaitStart(gate);
        assertThat(future.cancel(false)).isTrue();
        assertThat(future.isCancelled()).isTrue();
        gate.open();
        await().until(() -> gate.events().contains("ended x"));
        assertThat(state(future.getTaskId())).isEqualTo(TaskState.CANCELLED);
        assertThat(service().getStats().completed()).isZero();
    }

    @Test
    void aTaskThatEndedCanNotBeCancelled() throws Exception {
        DurableExecutorServiceFuture<String> future = service().submit(() -> "done");
        assertThat(future.get(10, SECONDS)).isEqualTo("done");
        assertThat(future.cancel(true)).isFalse();
        assertThat(service().cancel(future.getTaskId())).isFalse();
        assertThat(future.get()).isEqualTo("done");
        assertThatThrownBy(() -> service().cancel(1L << 40)).isInstanceOf(StaleTaskIdException.class);
    }

    @Test
    void aRunningTaskSeesThatItIsCancelled() {
        Gate gate = Gate.closed();
        long id = service()
                .submit(() -> {
                    gate.note("started");
                    while (!TaskContext.current().isCancelled()) {
                        Thread.onSpinWait();
                    }
                    gate.note("saw it");
                    return null;
                })
                .getTaskId();
        awaitStart(gate);
        assertThat(service().cancel(id)).isTrue();
        await().until(() -> gate.events().contains("saw it"));
    }

    // ---- retry and discard

    private long failed(Gate gate) {
        long id = service()
                .submit(() -> {
                    gate.note("attempt " + TaskContext.current().attempt());
                    if (gate.events().size() == 1) {
                        throw new IllegalStateException("the first time");
                    }
                    return "the second time";
                })
                .getTaskId();
        await().until(() -> state(id) == TaskState.FAILED);
        return id;
    }

    @Test
    void aFailedTaskRunsAgainAndItsFailureIsReplaced() throws Exception {
        Gate gate = Gate.closed();
        long id = failed(gate);
        assertThat(service().retry(id)).isTrue();
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("the second time");
        assertThat(gate.events()).containsExactly("attempt 1", "attempt 2");
        assertThat(service().getStats().retried()).isEqualTo(1);
        assertThat(service().retry(id)).isFalse();
        assertThat(service().discard(id)).isFalse();
        start(config -> {});
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("the second time");
    }

    @Test
    void aFailedTaskRunsAgainAfterARestart() throws Exception {
        Gate gate = Gate.closed();
        long id = failed(gate);
        start(config -> {});
        assertThat(service().retry(id)).isTrue();
        assertThat(service().retrieveResult(id).get(10, SECONDS)).isEqualTo("the second time");
    }

    @Test
    void aDiscardedFailureIsGone() {
        long id = failed(Gate.closed());
        assertThat(service().discard(id)).isTrue();
        assertThat(service().getTask(id)).isEmpty();
        assertThat(service().discard(id)).isFalse();
        assertThatThrownBy(() -> service().retrieveResult(id).get(10, SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        StaleTaskIdException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISPOSED));
    }

    // ---- inspection

    @Test
    void aTaskIsShownInEachOfItsStates() throws Exception {
        onePoolThread();
        Gate gate = Gate.closed();
        long running = service()
                .submit(gate.then("running"), TaskOptions.create().label("a").key("k"))
                .getTaskId();
        awaitStart(gate);
        long pending = service()
                .submit(gate.then("pending"), TaskOptions.create().label("b"))
                .getTaskId();
        TaskInfo info = service().getTask(running).orElseThrow();
        assertThat(info.state()).isEqualTo(TaskState.RUNNING);
        assertThat(info.attempt()).isEqualTo(1);
        assertThat(info.startedAt()).isPresent();
        assertThat(info.executorName()).isEqualTo(NAME);
        assertThat(info.label()).isEqualTo("a");
        assertThat(info.key()).isEqualTo("k");
        assertThat(info.typeName()).contains("Gate$$Lambda");
        assertThat(info.node()).isEqualTo(node().getName());
        assertThat(info.copies()).isEqualTo(1);
        assertThat(state(pending)).isEqualTo(TaskState.PENDING);
        assertThat(service().getStats().running()).isEqualTo(1);
        assertThat(service().getStats().pending()).isEqualTo(1);
        gate.open();
        await().until(() -> state(pending) == TaskState.COMPLETED);
        TaskInfo ended = service().getTask(running).orElseThrow();
        assertThat(ended.finishedAt()).isPresent();
        assertThat(ended.submittedAt()).isBeforeOrEqualTo(ended.finishedAt().orElseThrow());
    }

    @Test
    void tasksAreFoundByStateLabelTypeAndLimit() throws Exception {
        for (int i = 0; i < 5; i++) {
            service().submit(() -> "ok", TaskOptions.create().label("good")).get(10, SECONDS);
        }
        long bad = failed(Gate.closed());
        node().getDurableExecutorService("other").submit(() -> "not shown").get(10, SECONDS);
        try (var all = service().tasks(TaskQuery.all())) {
            assertThat(all.map(TaskInfo::taskId).toList()).hasSize(6).isSorted().contains(bad);
        }
        assertThat(service().tasks(TaskQuery.all().label("good"))).hasSize(5);
        assertThat(service().tasks(TaskQuery.all().state(TaskState.FAILED))).hasSize(1);
        assertThat(service().tasks(TaskQuery.all().limit(3))).hasSize(3);
        assertThat(service().tasks(TaskQuery.all().type("no.such.Type"))).isEmpty();
        assertThat(service().tasks(TaskQuery.all().type("TaskControlContractTest$$Lambda")))
                .hasSize(6);
    }

    @Test
    void statisticsCountWhatHappened() throws Exception {
        service().submit(() -> "ok").get(10, SECONDS);
        failed(Gate.closed());
        DurableExecutorStats stats = service().getStats();
        assertThat(List.of(stats.completed(), stats.failed(), stats.cancelled(), stats.rejected()))
                .containsExactly(1L, 1L, 0L, 0L);
        assertThat(stats.submitToStored().count()).isEqualTo(2);
        await().until(() -> service().getStats().execution().count() == 2);
        start(config -> {});
        assertThat(service().getStats().completed()).isEqualTo(1);
        assertThat(service().getStats().failed()).isEqualTo(1);
        start(config -> config.getDurableExecutorConfig(NAME).setStatisticsEnabled(false));
        assertThat(service().getStats().completed()).isZero();
    }
}
