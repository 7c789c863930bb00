package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.WhenFull;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // submits to fill up; passes null where it is refused
class SubmissionContractTest extends NodeFixture {

    private static DurableCallable<String> answer(String text) {
        return () -> text;
    }

    record Note(Gate gate, String event) implements DurableRunnable {
        @Override
        public void run() {
            gate.note(event);
        }
    }

    record Job(String text) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return text;
        }
    }

    record Keyed(String key) implements DurableCallable<String>, PartitionAware<String> {
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
    void everyFormOfSubmitRunsTheTaskAndKeepsItsResult() throws Exception {
        Gate gate = Gate.closed();
        DurableExecutorService service = service();
        assertThat(service.submit(new Job("callable")).get(10, SECONDS)).isEqualTo("callable");
        assertThat(service.submit(() -> "lambda").get(10, SECONDS)).isEqualTo("lambda");
        assertThat(service.submit(new Note(gate, "runnable")).get(10, SECONDS)).isNull();
        DurableExecutorServiceFuture<String> withResult = service.submit(new Note(gate, "with result"), "result");
        assertThat(withResult.get(10, SECONDS)).isEqualTo("result");
        assertThat(service.<String>retrieveResult(withResult.getTaskId()).get(10, SECONDS))
                .isEqualTo("result");
        assertThat(service.submit(answer("options"), TaskOptions.create().label("l"))
                        .get(10, SECONDS))
                .isEqualTo("options");
        assertThat(service.submitToKeyOwner(answer("keyed"), "k").get(10, SECONDS))
                .isEqualTo("keyed");
        service.submitToKeyOwner(new Note(gate, "keyed runnable"), "k").get(10, SECONDS);
        assertThat(service.submitAsync(answer("async"), TaskOptions.create())
                        .thenCompose(future -> future)
                        .toCompletableFuture()
                        .get(10, SECONDS))
                .isEqualTo("async");
        service.execute(new Note(gate, "executed"));
        service.executeOnKeyOwner(new Note(gate, "executed on owner"), "k");
        await().untilAsserted(() -> assertThat(gate.events())
                .contains("runnable", "with result", "keyed runnable", "executed", "executed on owner"));
    }

    @Test
    void aKeyDecidesThePartitionInEveryWay() {
        int partition = node().getCluster().partitionOf(NAME, "some key").id();
        DurableExecutorService service = service();
        for (DurableExecutorServiceFuture<String> future : List.of(
                service.submitToKeyOwner(answer("a"), "some key"),
                service.submit(answer("a"), TaskOptions.create().key("some key")),
                service.submit(new Keyed("some key")),
                service.submit(answer("a"), TaskOptions.create().idempotencyKey("some key")))) {
            assertThat(future.getTaskId()).isPositive();
            assertThat(future.getTaskId() >>> 48).isEqualTo(partition);
        }
        assertThat(node().getCluster()
                        .partitionOf("another executor", "some key")
                        .id())
                .isEqualTo(partition);
    }

    @Test
    void theResultOfExecuteIsNotKeptButItsFailureIs() {
        Gate gate = Gate.closed();
        service().execute(new Note(gate, "done"));
        service().execute(() -> {
            throw new IllegalStateException("kept");
        });
        await().untilAsserted(() -> assertThat(
                        service().getStats().completed() + service().getStats().failed())
                .isEqualTo(2));
        assertThat(service().tasks(TaskQuery.all()))
                .singleElement()
                .satisfies(task -> assertThat(task.failure()).contains("kept"));
    }

    @Test
    void aFullExecutorRejectsAndNeverOverwrites() throws Exception {
        start(config -> config.getDurableExecutorConfig(NAME).setCapacity(1));
        Gate gate = Gate.closed();
        List<DurableExecutorServiceFuture<String>> accepted = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            accepted.add(service().submit(gate.then("task " + i)));
        }
        assertThatThrownBy(() -> service().submit(gate.then("too much")))
                .isInstanceOf(RejectedExecutionException.class)
                .has(code(ErrorCode.CAPACITY_REACHED))
                .hasMessageContainingAll("executor=" + NAME, "partition=", "capacity=1");
        assertThatThrownBy(() -> service().execute(new Note(gate, "too much")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(service()
                        .submitAsync(gate.then("too much"), TaskOptions.create())
                        .toCompletableFuture())
                .failsWithin(java.time.Duration.ofSeconds(10));
        assertThat(service().getStats().rejected()).isEqualTo(3);
        gate.open();
        for (int i = 0; i < PARTITIONS; i++) {
            assertThat(accepted.get(i).get(10, SECONDS)).isEqualTo("task " + i);
        }
        assertThat(service().submit(answer("room again")).get(10, SECONDS)).isEqualTo("room again");
    }

    @Test
    void theSameIdempotencyKeyIsTheSameTaskAlsoAfterARestart() throws Exception {
        TaskOptions once = TaskOptions.create().idempotencyKey("order-17");
        DurableExecutorServiceFuture<String> first = service().submit(answer("first"), once);
        assertThat(service().submit(answer("second"), once).getTaskId()).isEqualTo(first.getTaskId());
        assertThat(first.get(10, SECONDS)).isEqualTo("first");
        start(config -> {});
        DurableExecutorServiceFuture<String> third = service().submit(answer("third"), once);
        assertThat(third.getTaskId()).isEqualTo(first.getTaskId());
        assertThat(third.get(10, SECONDS)).isEqualTo("first");
        assertThat(node().getDurableExecutorService("other")
                        .submit(answer("other"), once)
                        .get(10, SECONDS))
                .isEqualTo("other");
    }

    @Test
    void withAnAffinityKeyTheIdempotencyKeyHoldsInItsPartition() {
        start(config -> config.setPartitionCount(8));
        String here = "key 0";
        int partition = node().getCluster().partitionOf(NAME, here).id();
        String elsewhere = IntStream.range(1, 1000)
                .mapToObj(i -> "key " + i)
                .filter(key -> node().getCluster().partitionOf(NAME, key).id() != partition)
                .findFirst()
                .orElseThrow();
        TaskOptions once = TaskOptions.create().idempotencyKey("order-17");
        long first = service().submit(answer("first"), once.key(here)).getTaskId();
        assertThat(first >>> 48).isEqualTo(partition);
        assertThat(service().submit(answer("again"), once.key(here)).getTaskId())
                .isEqualTo(first);
        assertThat(service().submit(answer("other"), once.key(elsewhere)).getTaskId())
                .isNotEqualTo(first);
    }

    @Test
    void idsAreNeverIssuedTwice() {
        List<Long> ids = new ArrayList<>();
        for (int restart = 0; restart < 3; restart++) {
            for (int i = 0; i < 20; i++) {
                long id = service().submit(answer("x")).getTaskId();
                ids.add(id);
                service().disposeResult(id);
            }
            start(config -> {});
        }
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0);
    }

    @Test
    void submitIsNotInterruptible() throws Exception {
        Thread.currentThread().interrupt();
        DurableExecutorServiceFuture<String> future = service().submit(answer("stored"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(future.get(10, SECONDS)).isEqualTo("stored");
    }

    @Test
    void nothingRunsBeforeStart() throws Exception {
        Gate gate = Gate.closed();
        gate.open();
        start(config -> config.setAutoStart(false));
        DurableExecutorServiceFuture<String> future = service().submit(gate.then("x"));
        assertThat(service().getStats().pending()).isEqualTo(1);
        assertThat(service().getTask(future.getTaskId()).orElseThrow().state()).isEqualTo(TaskState.PENDING);
        assertThat(gate.events()).isEmpty();
        node().start();
        assertThat(future.get(10, SECONDS)).isEqualTo("x");
    }

    @Test
    void aTaskMayWaitForAnotherOnAPoolOfOne() throws Exception {
        start(config -> {
            config.getDurableExecutorConfig(NAME).setPoolSize(1);
            config.getUserContext().put("service", (java.util.function.Supplier<DurableExecutorService>) this::service);
        });
        assertThat(service().submit(SubmissionContractTest::outer).get(20, SECONDS))
                .isEqualTo("outer of inner");
    }

    @SuppressWarnings("unchecked")
    private static String outer() throws Exception {
        DurableExecutorService service = ((java.util.function.Supplier<DurableExecutorService>)
                        TaskContext.current().userContext().get("service"))
                .get();
        return "outer of " + service.submit(answer("inner")).get(20, SECONDS);
    }

    @Test
    void aCallbackMaySubmitAndRunsOnTheCallbackPool() throws Exception {
        String result = service()
                .submit(answer("a"))
                .thenCompose(value -> service().submit(answer(value + "b")))
                .thenApply(value -> value + " on " + Thread.currentThread().getName())
                .toCompletableFuture()
                .get(10, SECONDS);
        assertThat(result).startsWith("ab on holdfast-callback");
    }

    @Test
    void whatCanNotBeStoredIsRefusedWithAReason() {
        Object notSerializable = new Object();
        Callable<String> plain = () -> "plain";
        assertThatThrownBy(() -> service().submit(plain))
                .isInstanceOf(TaskNotSerializableException.class)
                .has(code(ErrorCode.TASK_NOT_SERIALIZABLE))
                .hasMessageContaining("DurableCallable");
        assertThatThrownBy(() -> service().submit(() -> notSerializable.toString()))
                .isInstanceOf(TaskNotSerializableException.class)
                .hasMessageContaining("task.captured[0]");
        assertThatThrownBy(() -> service().submitToKeyOwner(answer("x"), notSerializable))
                .isInstanceOf(TaskNotSerializableException.class)
                .has(code(ErrorCode.KEY_NOT_USABLE));
        start(config -> config.getSerializationConfig().addAllowedClasses("com.acme.**"));
        assertThatThrownBy(() -> service().submit(new Job("x")))
                .isInstanceOf(TaskNotAllowedException.class)
                .has(code(ErrorCode.CLASS_NOT_ALLOWED))
                .hasMessageContainingAll(Job.class.getName(), "serialization.allow");
        start(config -> config.setMaxPayload(65_536));
        assertThatThrownBy(() -> service().submit(new Job("x".repeat(100_000))))
                .isInstanceOf(TaskNotSerializableException.class)
                .has(code(ErrorCode.TASK_TOO_LARGE))
                .hasMessageContaining("max-payload=65536");
        assertThat(service().tasks(TaskQuery.all())).isEmpty();
    }

    @Test
    void fullResultsRefuseSubmitsWhereConfigured() throws Exception {
        start(config -> config.getDurableExecutorConfig(NAME)
                .getResultRetention()
                .setMaxResults(1)
                .setWhenFull(WhenFull.REJECT));
        long first = service().submitToKeyOwner(answer("1"), "k").getTaskId();
        service().retrieveResult(first).get(10, SECONDS);
        assertThatThrownBy(() -> service().submitToKeyOwner(answer("2"), "k"))
                .isInstanceOf(RejectedExecutionException.class)
                .has(code(ErrorCode.RESULT_LIMIT_REACHED))
                .hasMessageContaining("max-results=1");
        service().disposeResult(first);
        assertThat(service().submitToKeyOwner(answer("3"), "k").get(10, SECONDS))
                .isEqualTo("3");
    }

    @Test
    void nullsAreRefused() {
        DurableExecutorService service = service();
        List<Runnable> calls = List.of(
                () -> service.submit((Callable<String>) null),
                () -> service.submit((Runnable) null),
                () -> service.submit((DurableRunnable) null, "x"),
                () -> service.submit(answer("x"), (TaskOptions) null),
                () -> service.submitAsync((Callable<String>) null, TaskOptions.create()),
                () -> service.submitToKeyOwner(answer("x"), null),
                () -> service.execute((Runnable) null),
                () -> service.executeOnKeyOwner((Runnable) null, "k"),
                () -> service.tasks(null),
                () -> node().getDurableExecutorService(null));
        for (Runnable call : calls) {
            assertThatThrownBy(call::run).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void aClosedNodeRefuses() throws Exception {
        DurableExecutorService service = service();
        long id = service.submit(answer("x")).getTaskId();
        stop();
        assertThatThrownBy(() -> service.submit(answer("x")))
                .isInstanceOf(RejectedExecutionException.class)
                .has(code(ErrorCode.NODE_CLOSED));
        assertThatThrownBy(() -> service.retrieveResult(id))
                .isInstanceOf(IllegalStateException.class)
                .has(code(ErrorCode.NODE_CLOSED));
        assertThatThrownBy(() -> service.cancel(id))
                .isInstanceOf(IllegalStateException.class)
                .has(code(ErrorCode.NODE_CLOSED));
        assertThatThrownBy(service::getStats)
                .isInstanceOf(IllegalStateException.class)
                .has(code(ErrorCode.NODE_CLOSED));
    }

    @Test
    void aFailureIsTheCauseOfWhatGetThrows() {
        DurableExecutorServiceFuture<String> future = service().submit(() -> {
            throw new java.io.IOException("disk on fire");
        });
        assertThatThrownBy(() -> future.get(10, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(java.io.IOException.class)
                .hasRootCauseMessage("disk on fire");
    }
}
