package dev.holdfast;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.ClientConfig;
import dev.holdfast.config.Config;
import dev.holdfast.config.ConfigurationException;
import dev.holdfast.config.DurableExecutorConfig;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.config.SyncPolicy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every name of the public API, written as a user writes it: what others compile against. What the methods mean is in the
 * other contract tests.
 */
class ApiContractTest extends NodeFixture {

    /** Takes its key, its node and its service the three ways that there are. */
    static final class AwareTask
            implements Callable<String>, DurableCallable<String>, PartitionAware<String>, HoldfastInstanceAware {
        private static final long serialVersionUID = 1L;

        private transient @Nullable HoldfastInstance instance;
        transient @Nullable String initialised;

        @Override
        public String getPartitionKey() {
            return "customer-7";
        }

        @Override
        public void setHoldfastInstance(HoldfastInstance instance) {
            this.instance = instance;
        }

        @Override
        public String call() {
            TaskContext context = TaskContext.current();
            context.log("running");
            assertThat(context.taskId()).isPositive();
            assertThat(context.executorName()).isEqualTo(NAME);
            assertThat(context.attempt()).isEqualTo(1);
            assertThat(context.fencingToken()).isPositive();
            assertThat(context.isCancelled()).isFalse();
            return context.userContext().get("greeting") + " " + initialised + " on "
                    + (instance == null ? "nothing" : instance.getName());
        }
    }

    @Test
    void theProgrammaticFormOfTheOriginalDesignRuns() throws Exception {
        Config config = new Config();
        config.getStorageConfig().setDirectory(data.resolve("original"));
        config.getDurableExecutorConfig("myDurableExecSvc")
                .setPoolSize(8)
                .setDurability(1)
                .setCapacity(1);
        try (HoldfastInstance holdfast = Holdfast.newInstance(config)) {
            DurableExecutorService service = holdfast.getDurableExecutorService("myDurableExecSvc");
            assertThat(service.submit(() -> "x").get(10, SECONDS)).isEqualTo("x");
        }
    }

    @Test
    void everySetterReturnsItsOwnerAndHasAGetter() {
        Config config = new Config();
        config.setClusterName("dev").setNodeName("a").setPartitionCount(16).setAutoStart(true);
        config.getStorageConfig().setDirectory(Path.of("d")).setSync(SyncPolicy.ALWAYS);
        config.getSerializationConfig().addAllowedClasses("com.acme.**");
        config.addDurableExecutorConfig(new DurableExecutorConfig("e")
                .setPoolSize(8)
                .setResultRetention(
                        new ResultRetentionConfig().setMaxResults(10).setTtl(Duration.ofHours(1))));
        config.getNetworkConfig()
                .setEnabled(true)
                .setHost("127.0.0.1")
                .setPort(5710)
                .setMembers(List.of("127.0.0.1:5710", "127.0.0.1:5711", "127.0.0.1:5712"));
        config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("p")
                .setMinimumClusterSize(2)
                .setProtectOn(SplitBrainProtectionOn.WRITE));
        ClientConfig client = new ClientConfig().setClusterName("dev").setMembers(List.of("127.0.0.1:5710"));

        assertThat(List.of(config.getClusterName(), config.getNodeName())).containsExactly("dev", "a");
        assertThat(config.getPartitionCount()).isEqualTo(16);
        assertThat(config.isAutoStart()).isTrue();
        assertThat(config.getStorageConfig().getDirectory()).isEqualTo(Path.of("d"));
        assertThat(Set.of(SyncPolicy.OS, SyncPolicy.INTERVAL, SyncPolicy.ALWAYS))
                .contains(config.getStorageConfig().getSync());
        assertThat(config.getSerializationConfig().getAllowedClasses()).contains("com.acme.**");
        DurableExecutorConfig executor = config.getDurableExecutorConfig("e");
        assertThat(executor.getPoolSize()).isEqualTo(8);
        assertThat(executor.getResultRetention().getMaxResults()).isEqualTo(10);
        assertThat(executor.getResultRetention().getTtl()).isEqualTo(Duration.ofHours(1));
        assertThat(config.getNetworkConfig().isEnabled()).isTrue();
        assertThat(config.getNetworkConfig().getHost() + ":"
                        + config.getNetworkConfig().getPort())
                .isIn(config.getNetworkConfig().getMembers());
        assertThat(client.getClusterName()).isEqualTo("dev");
        assertThat(client.getMembers()).containsExactly("127.0.0.1:5710");
        assertThat(SplitBrainProtectionOn.values())
                .extracting(Enum::name)
                .containsExactly("READ", "WRITE", "READ_WRITE");
    }

    @Test
    void filesAndStreamsAreLoadedAndPrinted() throws IOException {
        String yaml = "holdfast: {cluster-name: dev}\n";
        Path file = Files.writeString(data.resolve("holdfast.yaml"), yaml);
        assertThat(Config.load(file).getClusterName()).isEqualTo("dev");
        assertThat(Config.fromYaml(stream(yaml)).getClusterName()).isEqualTo("dev");
        Config fromXml = Config.fromXml(stream("<holdfast><cluster-name>dev</cluster-name></holdfast>"));
        assertThat(fromXml.toYaml()).contains("cluster-name: dev");
        assertThat(ConfigurationException.class).isAssignableTo(IllegalArgumentException.class);
    }

    @Test
    void everySubmittingMethodTakesTasksAndLambdas() throws Exception {
        DurableExecutorService service = service();
        ExecutorService plain = service;
        Callable<String> callable = new Answer("x");
        TaskOptions options = TaskOptions.create()
                .idempotencyKey("k")
                .key("customer-7")
                .label("nightly")
                .maxCrashes(1)
                .resultTtl(Duration.ofHours(1));

        DurableExecutorServiceFuture<String> first = service.submit(callable, options);
        assertThat(service.submit(callable, options).getTaskId()).isEqualTo(first.getTaskId());
        CompletionStage<DurableExecutorServiceFuture<String>> stored =
                service.submitAsync(() -> "x", TaskOptions.create());
        Future<String> later = stored.thenCompose(handle -> handle).toCompletableFuture();
        Future<String> future = plain.submit(callable);
        for (Future<?> each : List.of(
                first,
                future,
                later,
                service.submit(() -> "x"),
                service.submit(() -> "x", TaskOptions.create()),
                service.submitToKeyOwner(callable, "customer-7"),
                service.submitToKeyOwner(() -> "x", "customer-7"),
                service.submit(() -> {}, "x"))) {
            assertThat(each.get(10, SECONDS)).isEqualTo("x");
        }
        for (Future<?> each : List.of(
                service.submit(() -> {}),
                service.submit(() -> {}, TaskOptions.create()),
                service.submitToKeyOwner(() -> {}, "customer-7"))) {
            assertThat(each.get(10, SECONDS)).isNull();
        }
        service.execute(() -> {});
        service.executeOnKeyOwner(() -> {}, "customer-7");
        assertThat(service.invokeAny(List.of(callable))).isEqualTo("x");
        assertThat(service.invokeAll(List.of(callable))).hasSize(1);
    }

    @Test
    void resultsAreRetrievedDisposedOfAndInspected() throws Exception {
        DurableExecutorService service = service();
        long taskId = service.submit(new Answer("x"), TaskOptions.create().label("nightly"))
                .getTaskId();
        String result = service.<String>retrieveResult(taskId).get(10, SECONDS);
        assertThat(result).isEqualTo("x");
        TaskInfo info = service.getTask(taskId).orElseThrow();
        assertThat(List.of(info.taskId(), info.executorName(), info.state(), info.typeName(), info.node()))
                .containsExactly(taskId, NAME, TaskState.COMPLETED, Answer.class.getName(), node().getName());
        assertThat(info.submittedAt()).isNotNull();
        assertThat(info.finishedAt()).isPresent();
        assertThat(info.startedAt()).isNotNull();
        assertThat(info.nextAttemptAt()).isEmpty();
        assertThat(info.attempt()).isNotNegative();
        assertThat(info.copies()).isEqualTo(1);
        assertThat(info.label()).isEqualTo("nightly");
        assertThat(info.key()).isNull();
        assertThat(info.failure()).isNull();
        TaskQuery query = TaskQuery.all()
                .state(TaskState.COMPLETED)
                .label("nightly")
                .type("ApiContractTest$Answer")
                .limit(10);
        try (Stream<TaskInfo> tasks = service.tasks(query)) {
            assertThat(tasks.map(TaskInfo::taskId)).containsExactly(taskId);
        }
        assertThat(service.retry(taskId)).isFalse();
        assertThat(service.discard(taskId)).isFalse();
        assertThat(service.cancel(taskId)).isFalse();
        assertThat(service.<String>retrieveAndDisposeResult(taskId).get(10, SECONDS))
                .isEqualTo("x");
        service.disposeResult(taskId);
        assertThat(service.getTask(taskId)).isEmpty();
    }

    @Test
    void theWholeExecutorIsStoppedAndGoesOn() throws Exception {
        DurableExecutorService service = service();
        service.pause();
        service.resume();
        service.shutdown();
        assertThat(service.isShutdown()).isTrue();
        assertThat(service.awaitTermination(10, SECONDS)).isTrue();
        assertThat(service.isTerminated()).isTrue();
        service.reopen();
        assertThat(service.shutdownNow()).isEmpty();
        service.reopen();
        service.close();
        DurableExecutorStats stats = service.getStats();
        assertThat(List.of(
                        stats.pending(),
                        stats.running(),
                        stats.completed(),
                        stats.failed(),
                        stats.cancelled(),
                        stats.rejected(),
                        stats.recovered(),
                        stats.evicted(),
                        stats.quarantined(),
                        stats.parked(),
                        stats.retried()))
                .containsOnly(0L);
        service.destroy();
    }

    @Test
    void aTaskFindsItsSurroundings() throws Exception {
        start(config -> {
            config.setNodeName("a")
                    .setAutoStart(false)
                    .setClassLoader(getClass().getClassLoader());
            config.getUserContext().put("greeting", "hello");
            config.setTaskInitializer(task -> {
                if (task instanceof AwareTask aware) {
                    aware.initialised = "initialised";
                }
            });
        });
        DurableExecutorServiceFuture<String> future = service().submit((Callable<String>) new AwareTask());
        node().start();
        assertThat(future.get(10, SECONDS)).isEqualTo("hello initialised on a");
        Cluster cluster = node().getCluster();
        assertThat(cluster.members()).containsExactly(cluster.localMember());
        assertThat(cluster.partitions()).contains(cluster.partitionOf(NAME, "customer-7"));
    }

    @Test
    void theEnumsAndExceptionsAreThoseOfTheContract() {
        assertThat(StaleTaskIdException.Reason.values())
                .extracting(Enum::name)
                .containsExactly("DISPOSED", "EVICTED", "UNKNOWN", "LOST");
        assertThat(TaskState.values())
                .extracting(Enum::name)
                .containsExactly(
                        "SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "QUARANTINED", "PARKED");
        assertThat(SplitBrainProtectionException.class).isAssignableTo(RejectedExecutionException.class);
        assertThat(List.of(
                        IndeterminateOutcomeException.class,
                        StaleTaskIdException.class,
                        TaskNotAllowedException.class,
                        TaskNotSerializableException.class,
                        ResultNotReadableException.class,
                        RemoteTaskException.class))
                .allSatisfy(type -> assertThat(type).isAssignableTo(HoldfastException.class));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A task with a name. */
    record Answer(String text) implements DurableCallable<String> {
        @Override
        public String call() {
            return text;
        }
    }
}
