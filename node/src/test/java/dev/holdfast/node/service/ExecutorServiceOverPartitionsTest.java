package dev.holdfast.node.service;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.DurableRunnable;
import dev.holdfast.HoldfastException;
import dev.holdfast.IndeterminateOutcomeException;
import dev.holdfast.PartitionAware;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Command.Operation;
import dev.holdfast.storage.log.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An executor over partitions in memory, without workers. Long because it is one list of sentences. */
@SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // submits to fill up; passes null where it is refused
class ExecutorServiceOverPartitionsTest {

    private static final String NAME = "jobs";
    private static final int PARTITIONS = 4;

    private final Config config = new Config().setSubmitTimeout(Duration.ofMillis(100));
    private final FakeNode node;
    private final DurableExecutorServiceImpl service;

    ExecutorServiceOverPartitionsTest() {
        config.getDurableExecutorConfig(NAME).setCapacity(2);
        node = new FakeNode(config, PARTITIONS, 2);
        service = new DurableExecutorServiceImpl(NAME, node);
    }

    @AfterEach
    void tearDown() {
        node.close();
    }

    private static DurableCallable<String> task() {
        return () -> "unused";
    }

    private static int partitionOf(long taskId) {
        return new TaskId(taskId).partition().value();
    }

    // ---- submit

    @Test
    void keylessTasksFillAllPartitionsBeforeOneIsRejected() {
        for (int i = 0; i < PARTITIONS * 2; i++) {
            service.submit(task());
        }
        assertThatThrownBy(() -> service.submit(task()))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContainingAll("executor=jobs", "partition=", "capacity=2");
        assertThat(service.getStats().rejected()).isEqualTo(1);
        assertThat(service.getStats().pending()).isEqualTo(8);
        assertThat(service.getStats().submitToStored().count()).isEqualTo(8);
        assertThat(service.getStats().submitToResult().count()).isZero();
    }

    @Test
    void aKeyedTaskIsRejectedWhenItsPartitionIsFull() {
        int partition = partitionOf(service.submitToKeyOwner(task(), "k").getTaskId());
        assertThat(partitionOf(service.submit(new Aware("k")).getTaskId())).isEqualTo(partition);
        assertThatThrownBy(() -> service.submitToKeyOwner(task(), "k"))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("partition=" + partition);
    }

    record Aware(String key) implements DurableCallable<String>, PartitionAware<String> {
        @Override
        public String getPartitionKey() {
            return key;
        }

        @Override
        public String call() {
            return key;
        }
    }

    @Test
    void aFullInboxAndAProblemAreToldApart() {
        node.fakes().forEach(partition -> partition.inboxFull = true);
        assertThatThrownBy(() -> service.submit(task()))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("wait for their commit");
        node.fakes().forEach(partition -> partition.problem = "disk on fire");
        assertThatThrownBy(() -> service.submit(task()))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("disk on fire");
        node.fakes().get(2).problem = null;
        node.fakes().get(2).inboxFull = false;
        assertThat(partitionOf(service.submit(task()).getTaskId())).isEqualTo(2);
    }

    @Test
    void aSubmitWithoutAnswerIsIndeterminateAndKeepsTheInterruptFlag() {
        node.fakes().forEach(partition -> partition.holdReplies = true);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> service.submit(task(), TaskOptions.create().idempotencyKey("once")))
                .isInstanceOf(IndeterminateOutcomeException.class)
                .hasMessageContaining("[HF-0609]")
                .hasMessageContainingAll("submit-timeout=PT0.1S", "idempotency-key=once");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theSameIdempotencyKeyGivesTheSameTask() {
        TaskOptions once = TaskOptions.create().idempotencyKey("once");
        long first = service.submit(task(), once).getTaskId();
        assertThat(service.submit(task(), once).getTaskId()).isEqualTo(first);
        assertThat(service.tasks(TaskQuery.all()).count()).isEqualTo(1);
    }

    @Test
    void submitAsyncCompletesWhenTheTaskIsStored() throws Exception {
        node.fakes().forEach(partition -> partition.holdReplies = true);
        var stage = service.<String>submitAsync(task(), TaskOptions.create()).toCompletableFuture();
        assertThat(stage.isDone()).isFalse();
        node.fakes().forEach(FakePartition::releaseReplies);
        assertThat(stage.get(10, SECONDS).getTaskId()).isPositive();
    }

    @Test
    void submitAsyncGoesOnToTheNextPartitionAndFailsWhenAllAreFull() {
        for (int i = 0; i < PARTITIONS * 2; i++) {
            assertThat(service.<String>submitAsync(task(), TaskOptions.create())
                            .toCompletableFuture()
                            .join()
                            .getTaskId())
                    .isPositive();
        }
        assertThatThrownBy(() -> service.<String>submitAsync(task(), TaskOptions.create())
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void optionsAndKeysAreShown() {
        long id = service.submit(
                        task(),
                        TaskOptions.create().label("l").key(42).maxCrashes(2).resultTtl(Duration.ofDays(100_000_000)))
                .getTaskId();
        TaskInfo info = service.getTask(id).orElseThrow();
        assertThat(info.label()).isEqualTo("l");
        assertThat(info.key()).isEqualTo("42");
        assertThat(info.state()).isEqualTo(TaskState.PENDING);
        node.start(id, NAME);
        assertThat(service.getTask(id).orElseThrow().state()).isEqualTo(TaskState.RUNNING);
        node.fail(id, new IllegalStateException("bad"));
        assertThat(service.getTask(id).orElseThrow().failure()).isEqualTo("java.lang.IllegalStateException: bad");
        assertThat(service.tasks(TaskQuery.all().state(TaskState.FAILED).label("l"))
                        .map(TaskInfo::taskId))
                .containsExactly(id);
        assertThat(service.tasks(TaskQuery.all().state(TaskState.PENDING))).isEmpty();
    }

    // ---- one task

    @Test
    void idsThatWereNeverIssuedAreAMistake() {
        for (long id : new long[] {-5, 0, 12345}) {
            assertThatThrownBy(() -> service.disposeResult(id)).isInstanceOf(StaleTaskIdException.class);
            assertThatThrownBy(() -> service.cancel(id)).isInstanceOf(StaleTaskIdException.class);
            assertThatThrownBy(() -> service.retry(id)).isInstanceOf(StaleTaskIdException.class);
            assertThatThrownBy(() -> service.discard(id)).isInstanceOf(StaleTaskIdException.class);
            assertThat(service.getTask(id)).isEmpty();
        }
    }

    @Test
    void disposingTwiceDoesNothing() {
        long id = service.submit(task()).getTaskId();
        node.complete(id, "x");
        service.disposeResult(id);
        service.disposeResult(id);
        assertThat(service.cancel(id)).isFalse();
        assertThat(service.discard(id)).isFalse();
        assertThat(service.retry(id)).isFalse();
    }

    @Test
    void aFailedTaskRunsAgain() throws Exception {
        DurableExecutorServiceFuture<String> future = service.submit(task());
        node.fail(future.getTaskId(), new IllegalStateException());
        assertThat(service.retry(future.getTaskId())).isTrue();
        assertThat(service.retry(future.getTaskId())).isFalse();
        assertThat(service.getStats().retried()).isEqualTo(1);
        assertThat(service.getTask(future.getTaskId()).orElseThrow().state()).isEqualTo(TaskState.PENDING);
    }

    // ---- the whole executor

    @Test
    void shutdownReachesEveryPartitionUnderOneNumber() {
        service.shutdown();
        service.pause();
        service.resume();
        for (FakePartition partition : node.fakes()) {
            assertThat(partition.posted().stream()
                            .map(command -> ((Command.Operate) command).number() >>> 3)
                            .toList())
                    .containsExactly(1L, 2L, 3L);
        }
        assertThat(service.isShutdown()).isTrue();
        assertThat(service.isPaused()).isFalse();
        assertThatThrownBy(() -> service.submit(task()))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining(NAME);
        service.reopen();
        assertThat(service.isShutdown()).isFalse();
        service.submit(task());
    }

    @Test
    void anOperationThatWasCutShortIsFinished() {
        for (Operation operation : Operation.values()) {
            long id = service.submit(task()).getTaskId();
            int done = (partitionOf(id) + 1) % PARTITIONS;
            for (int i = 0; i < PARTITIONS; i++) {
                node.fakes().get(i).problem = i == done ? null : "the process is dying";
            }
            perform(operation);
            node.fakes().forEach(partition -> partition.problem = null);
            service.reconcileOperations();
            Set<Long> numbers = node.fakes().stream()
                    .map(partition -> partition.executor(NAME).operation())
                    .collect(Collectors.toSet());
            assertThat(numbers).as("%s", operation).hasSize(1);
            assertThat(service.tasks(TaskQuery.all()).count() == 0).isEqualTo(operation == Operation.DESTROY);
            assertThat(node.fakes().stream().allMatch(p -> p.executor(NAME).shutdown()))
                    .isEqualTo(operation == Operation.SHUTDOWN);
            assertThat(node.fakes().stream().allMatch(p -> p.executor(NAME).paused()))
                    .isEqualTo(operation == Operation.PAUSE);
            service.reopen();
            if (operation != Operation.DESTROY) {
                service.cancel(id);
            }
        }
    }

    private void perform(Operation operation) {
        switch (operation) {
            case SHUTDOWN -> service.shutdown();
            case REOPEN -> service.reopen();
            case PAUSE -> service.pause();
            case RESUME -> service.resume();
            case DESTROY -> service.destroy();
        }
    }

    /** Each node takes the number that follows on the latest it has seen, and of the same number only one counts. */
    @Test
    void ofTwoNodesThatOperateAtOnceBothHaveTheirWay() {
        DurableExecutorServiceImpl other = new DurableExecutorServiceImpl(NAME, node);
        AtomicBoolean first = new AtomicBoolean(true);
        node.fakes().get(0).beforePost = command -> {
            if (command instanceof Command.Operate && first.getAndSet(false)) {
                other.pause();
            }
        };
        service.shutdown();
        assertThat(node.fakes())
                .extracting(partition -> partition.executor(NAME))
                .allSatisfy(view -> {
                    assertThat(view.shutdown()).isTrue();
                    assertThat(view.paused()).isTrue();
                });
    }

    @Test
    void reconcilingWhatIsWholePostsNothing() {
        service.reconcileOperations();
        service.pause();
        service.reconcileOperations();
        node.fakes().forEach(partition -> assertThat(partition.posted()).hasSize(1));
    }

    @Test
    void shutdownNowReturnsWhatNeverStarted() {
        DurableExecutorServiceFuture<?> running = service.submit(new Named("running"));
        node.start(running.getTaskId(), NAME);
        DurableExecutorServiceFuture<?> waiting = service.submit(new Named("waiting"));
        service.submit(new Aware("called"));
        List<Runnable> neverStarted = service.shutdownNow();
        assertThat(neverStarted).hasSize(2).contains(new Named("waiting"));
        assertThat(neverStarted.stream().map(Object::toString)).anyMatch(text -> text.contains("Aware[key=called]"));
        assertThat(node.interrupted).containsExactly(new TaskId(running.getTaskId()));
        assertThat(waiting.isCancelled()).isTrue();
        assertThat(running.isDone()).isFalse();
        assertThat(service.isTerminated()).isFalse();
        node.complete(running.getTaskId(), null);
        assertThat(service.isTerminated()).isTrue();
    }

    @Test
    void shutdownNowInterruptsWhatRunsThoughAPartitionAnswersNot() {
        DurableExecutorServiceFuture<?> running = service.submit(new Named("running"));
        node.start(running.getTaskId(), NAME);
        List<Long> waiting = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            waiting.add(service.submit(new Named("waiting")).getTaskId());
        }
        node.partition(waiting.get(0)).untaken = Command.Cancel.class::isInstance;
        assertThatThrownBy(service::shutdownNow)
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("Nobody leads it");
        assertThat(node.interrupted).contains(new TaskId(running.getTaskId()));
        assertThat(service.getStats().cancelled()).isEqualTo(2);
    }

    record Named(String name) implements DurableRunnable {
        @Override
        public void run() {}
    }

    @Test
    void awaitTerminationSeesTheLastTaskEnd() throws Exception {
        assertThat(service.awaitTermination(1, MILLISECONDS)).isFalse();
        long first = service.submit(task()).getTaskId();
        long second = service.submit(task()).getTaskId();
        node.start(second, NAME);
        FutureTask<Boolean> waiting = new FutureTask<>(() -> service.awaitTermination(1, TimeUnit.MINUTES));
        new Thread(waiting).start();
        service.shutdown();
        assertThat(service.awaitTermination(30, MILLISECONDS)).isFalse();
        node.complete(first, "x");
        node.complete(second, "x");
        assertThat(waiting.get(10, SECONDS)).isTrue();
        assertThat(node.fakes().stream().mapToInt(FakePartition::waiterCount).sum())
                .isZero();
    }

    @Test
    void destroyInterruptsWhatRuns() {
        long id = service.submit(task()).getTaskId();
        node.start(id, NAME);
        service.destroy();
        assertThat(node.interrupted).containsExactly(new TaskId(id));
        assertThat(service.getTask(id)).isEmpty();
    }

    @Test
    void closeDoesNothing() {
        service.close();
        assertThat(service.isShutdown()).isFalse();
        service.submit(task());
    }

    // ---- bulk

    private void completeAllWith(Callable<String> result) {
        await().untilAsserted(() -> assertThat(service.getStats().pending()).isEqualTo(2));
        service.tasks(TaskQuery.all().state(TaskState.PENDING))
                .map(TaskInfo::taskId)
                .forEach(id -> {
                    try {
                        node.complete(id, result.call());
                    } catch (Exception e) {
                        node.fail(id, e);
                    }
                });
    }

    @Test
    void invokeAllWaitsForAll() throws Exception {
        FutureTask<List<Future<String>>> invoking =
                new FutureTask<>(() -> service.invokeAll(List.<Callable<String>>of(task(), task())));
        new Thread(invoking).start();
        completeAllWith(() -> "x");
        for (Future<String> future : invoking.get(10, SECONDS)) {
            assertThat(future.get()).isEqualTo("x");
        }
        assertThat(service.invokeAll(List.<Callable<String>>of())).isEmpty();
    }

    @Test
    void invokeAllCancelsWhatIsLate() throws Exception {
        List<Future<String>> futures = service.invokeAll(List.<Callable<String>>of(task(), task()), 20, MILLISECONDS);
        assertThat(futures).hasSize(2).allMatch(Future::isDone).allMatch(Future::isCancelled);
        assertThat(service.getStats().cancelled()).isEqualTo(2);
    }

    @Test
    void invokeAllTakesBackWhatItStoredWhenOneIsRejected() {
        List<Callable<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tasks.add(task());
        }
        assertThatThrownBy(() -> service.invokeAll(tasks)).isInstanceOf(RejectedExecutionException.class);
        assertThat(service.getStats().pending()).isZero();
    }

    @Test
    void invokeAnyGivesTheFirstSuccessAndCancelsTheRest() throws Exception {
        FutureTask<String> invoking =
                new FutureTask<>(() -> service.invokeAny(List.<Callable<String>>of(task(), task())));
        new Thread(invoking).start();
        await().untilAsserted(() -> assertThat(service.getStats().pending()).isEqualTo(2));
        long winner = service.tasks(TaskQuery.all()).findFirst().orElseThrow().taskId();
        node.complete(winner, "won");
        assertThat(invoking.get(10, SECONDS)).isEqualTo("won");
        assertThat(service.getStats().cancelled()).isEqualTo(1);
    }

    /** The result is there: that another task can not be cancelled takes it from nobody, nor spares the ones behind. */
    @Test
    void invokeAnyGivesItsResultThoughOneOfTheRestCanNotBeCancelled() throws Exception {
        FutureTask<String> invoking =
                new FutureTask<>(() -> service.invokeAny(List.<Callable<String>>of(task(), task(), task(), task())));
        new Thread(invoking).start();
        await().untilAsserted(() -> assertThat(service.getStats().pending()).isEqualTo(4));
        List<Long> ids = service.tasks(TaskQuery.all()).map(TaskInfo::taskId).toList();
        assertThat(ids).extracting(node::partition).doesNotHaveDuplicates();
        node.fakes().forEach(partition -> partition.untaken = Command.Cancel.class::isInstance);
        node.partition(ids.get(3)).untaken = command -> false;
        node.complete(ids.get(0), "won");
        assertThat(invoking.get(10, SECONDS)).isEqualTo("won");
        assertThat(service.getStats().cancelled()).isEqualTo(1);
    }

    @Test
    void invokeAllGivesItsFuturesThoughOneThatIsLateCanNotBeCancelled() throws Exception {
        node.fakes().forEach(partition -> partition.untaken = Command.Cancel.class::isInstance);
        node.fakes().get(0).untaken = command -> false;
        List<Future<String>> futures =
                service.invokeAll(List.<Callable<String>>of(task(), task(), task(), task()), 20, MILLISECONDS);
        assertThat(futures).hasSize(4);
        assertThat(service.getStats().cancelled()).isEqualTo(1);
    }

    /** One that does not answer is waited for once, not for each of its tasks. */
    @Test
    void allThatAreLateAreCancelledBeforeTheFirstAnswerIsWaitedFor() throws Exception {
        config.setSubmitTimeout(Duration.ofSeconds(30));
        List<Callable<String>> tasks = new ArrayList<>();
        for (int i = 0; i < 2 * PARTITIONS; i++) {
            tasks.add(task());
        }
        node.fakes()
                .forEach(partition -> partition.beforePost = command -> {
                    if (command instanceof Command.Cancel) {
                        partition.holdReplies = true;
                    }
                });
        DurableExecutorServiceImpl patient = new DurableExecutorServiceImpl(NAME, node);
        FutureTask<List<Future<String>>> invoking = new FutureTask<>(() -> patient.invokeAll(tasks, 20, MILLISECONDS));
        new Thread(invoking).start();
        await().untilAsserted(() -> assertThat(node.fakes())
                .allSatisfy(partition -> assertThat(partition.posted())
                        .filteredOn(Command.Cancel.class::isInstance)
                        .hasSize(2)));
        assertThat(invoking.isDone()).isFalse();
        node.fakes().forEach(partition -> partition.beforePost = command -> {});
        node.fakes().forEach(FakePartition::releaseReplies);
        assertThat(invoking.get(10, SECONDS)).hasSize(2 * PARTITIONS).allMatch(Future::isCancelled);
    }

    @Test
    void invokeAnyFailsWhenAllFail() {
        FutureTask<String> invoking =
                new FutureTask<>(() -> service.invokeAny(List.<Callable<String>>of(task(), task())));
        new Thread(invoking).start();
        completeAllWith(() -> {
            throw new IllegalStateException("bad");
        });
        assertThatThrownBy(() -> invoking.get(10, SECONDS))
                .hasCauseInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("bad");
        assertThatThrownBy(() -> service.invokeAny(List.<Callable<String>>of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> service.invokeAny(List.<Callable<String>>of(task()), 10, MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
    }

    // ---- protection and closing

    @Test
    void aProtectedExecutorRefusesToWriteOnASmallCluster() {
        config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("two")
                .setMinimumClusterSize(2)
                .setProtectOn(SplitBrainProtectionOn.WRITE));
        config.getDurableExecutorConfig("guarded").setSplitBrainProtectionName("two");
        DurableExecutorServiceImpl guarded = new DurableExecutorServiceImpl("guarded", node);
        List<Runnable> writes = List.of(
                () -> guarded.submit(task()),
                () -> guarded.execute((DurableRunnable) () -> {}),
                () -> guarded.executeOnKeyOwner((DurableRunnable) () -> {}, "k"),
                () -> guarded.submitToKeyOwner(task(), "k"),
                () -> guarded.disposeResult(1),
                () -> guarded.retrieveAndDisposeResult(1),
                () -> guarded.cancel(1),
                () -> guarded.retry(1),
                () -> guarded.discard(1),
                guarded::shutdown,
                guarded::shutdownNow,
                guarded::reopen,
                guarded::pause,
                guarded::resume,
                guarded::destroy);
        for (Runnable write : writes) {
            assertThatThrownBy(write::run)
                    .isInstanceOf(SplitBrainProtectionException.class)
                    .hasMessageContainingAll("members=1", "minimum-cluster-size=2");
        }
        assertThat(guarded.submitAsync(task(), TaskOptions.create()).toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(guarded.retrieveResult(1).isDone()).isTrue();
        assertThat(guarded.tasks(TaskQuery.all())).isEmpty();
        assertThat(guarded.isShutdown()).isFalse();
        assertThat(guarded.isTerminated()).isFalse();
    }

    @Test
    void aProtectedExecutorRefusesToReadOnASmallCluster() throws Exception {
        config.addSplitBrainProtectionConfig(
                new SplitBrainProtectionConfig("two").setProtectOn(SplitBrainProtectionOn.READ));
        config.getDurableExecutorConfig("guarded").setSplitBrainProtectionName("two");
        DurableExecutorServiceImpl guarded = new DurableExecutorServiceImpl("guarded", node);
        guarded.submit(task());
        assertThatThrownBy(() -> guarded.retrieveResult(1)).isInstanceOf(SplitBrainProtectionException.class);
        assertThatThrownBy(() -> guarded.getTask(1)).isInstanceOf(SplitBrainProtectionException.class);
        assertThatThrownBy(() -> guarded.tasks(TaskQuery.all())).isInstanceOf(SplitBrainProtectionException.class);
        assertThat(guarded.awaitTermination(1, MILLISECONDS)).isFalse();
    }

    @Test
    void aClosedNodeRejectsSubmitsAndRefusesTheRest() {
        long id = service.submit(task()).getTaskId();
        node.closed = true;
        assertThatThrownBy(() -> service.submit(task()))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> service.retrieveResult(id)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> service.cancel(id)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(service::shutdown).isInstanceOf(IllegalStateException.class);
        service.close();
    }

    @Test
    void nullsAreRefusedByName() {
        assertThatThrownBy(() -> service.submit((Callable<String>) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("task");
        assertThatThrownBy(() -> service.submit(task(), (TaskOptions) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("options");
        assertThatThrownBy(() -> service.submitToKeyOwner(task(), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("key");
        assertThatThrownBy(() -> service.tasks(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> service.invokeAll(List.<Callable<String>>of(task(), null)))
                .isInstanceOf(NullPointerException.class);
    }
}
