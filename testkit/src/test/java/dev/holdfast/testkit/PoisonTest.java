package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.config.DurableExecutorConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile task does to the node that runs it: each has its defined outcome, and its neighbours complete. */
class PoisonTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void aTaskThatThrowsAnErrorFailsAndItsWorkerGoesOn() throws Exception {
        try (HoldfastInstance node = start(folder)) {
            DurableExecutorService one = node.getDurableExecutorService("one");
            DurableExecutorServiceFuture<Object> bad = one.submit((DurableCallable<Object>) () -> {
                throw new AssertionError("broken");
            });
            assertThatThrownBy(() -> bad.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("broken");
            assertThat(one.submit((DurableCallable<String>) () -> "next").get(30, TimeUnit.SECONDS))
                    .isEqualTo("next");
        }
    }

    @Test
    void aTaskThatOverflowsTheStackFails() throws Exception {
        try (HoldfastInstance node = start(folder)) {
            DurableExecutorService one = node.getDurableExecutorService("one");
            DurableExecutorServiceFuture<Integer> bad = one.submit((DurableCallable<Integer>) () -> endless(0));
            assertThatThrownBy(() -> bad.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(StackOverflowError.class);
            assertThat(one.getTask(bad.getTaskId()).orElseThrow().state()).isEqualTo(TaskState.FAILED);
        }
    }

    @Test
    void aResultThatCannotBeEncodedIsAStoredFailure() throws Exception {
        long id;
        try (HoldfastInstance node = start(folder)) {
            DurableExecutorServiceFuture<Object> bad =
                    node.getDurableExecutorService("one").submit((DurableCallable<Object>) () -> new Object());
            id = bad.getTaskId();
            assertThatThrownBy(() -> bad.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("java.lang.Object");
        }
        try (HoldfastInstance node = start(folder)) {
            DurableExecutorService one = node.getDurableExecutorService("one");
            assertThatThrownBy(() -> one.retrieveResult(id).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("java.lang.Object");
        }
    }

    @Test
    void aResultOfAHundredMegabytesIsAStoredFailureAndBlocksNothing() throws Exception {
        try (HoldfastInstance node = start(folder)) {
            DurableExecutorService one = node.getDurableExecutorService("one");
            DurableExecutorServiceFuture<byte[]> bad =
                    one.submit((DurableCallable<byte[]>) () -> new byte[100 * 1024 * 1024]);
            DurableExecutorServiceFuture<String> next = one.submit((DurableCallable<String>) () -> "next");
            assertThatThrownBy(() -> bad.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("max-payload");
            assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo("next");
        }
    }

    @Test
    void aTaskThatNeverEndsIsCancelledOrRunsAgainAfterAClose() throws Exception {
        long cancelled;
        long abandoned;
        Config config = config(folder).setShutdownGrace(Duration.ofMillis(100));
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService many = node.getDurableExecutorService("many");
            DurableExecutorServiceFuture<Object> first = many.submit(new Endless());
            DurableExecutorServiceFuture<Object> second = many.submit(new Endless());
            cancelled = first.getTaskId();
            abandoned = second.getTaskId();
            await().atMost(LIMIT).until(() -> isRunning(many, cancelled) && isRunning(many, abandoned));
            assertThat(many.cancel(cancelled)).isTrue();
            assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        }
        try (HoldfastInstance node = Holdfast.newInstance(config)) {
            DurableExecutorService many = node.getDurableExecutorService("many");
            await().atMost(LIMIT).until(() -> isRunning(many, abandoned));
            TaskInfo again = many.getTask(abandoned).orElseThrow();
            assertThat(again.attempt()).isGreaterThan(1);
            assertThatThrownBy(() -> many.retrieveResult(cancelled).get(30, TimeUnit.SECONDS))
                    .isInstanceOf(CancellationException.class);
            assertThat(many.cancel(abandoned)).isTrue();
        }
    }

    @Test
    void aTaskThatCallsExitIsQuarantinedAtLast() throws Exception {
        killUntilItStays("exit", 4);
        try (HoldfastInstance node = start(folder)) {
            assertThat(states(node)).containsExactly(TaskState.QUARANTINED);
        }
    }

    @Test
    void fifteenNeighboursOfAPoisonTaskAllCompleteAndItCostsFourDeathsAtMost() throws Exception {
        int deaths = killUntilItStays("neighbours", 4);
        assertThat(deaths).isBetween(1, 4);
        try (HoldfastInstance node = start(folder)) {
            List<TaskState> states = states(node);
            assertThat(states).hasSize(16).containsOnlyOnce(TaskState.QUARANTINED);
            assertThat(states.stream().filter(TaskState.COMPLETED::equals)).hasSize(15);
        }
    }

    @Test
    void withMaxCrashesOfOneAPoisonTaskCostsOneDeath() throws Exception {
        assertThat(killUntilItStays("once", 1)).isEqualTo(1);
    }

    @Test
    void aQuarantinedTaskRunsAgainOnRetryAndIsGoneAfterDiscard() throws Exception {
        killUntilItStays("exit", 4);
        try (ChildJvm child = scenario("retry", new ArrayList<>())) {
            assertThat(child.await(LIMIT)).isEqualTo(PoisonScenario.POISONED);
        }
        assertThat(killUntilItStays("exit", 3))
                .as("crashes count from zero again")
                .isEqualTo(2);
        List<String> said = new ArrayList<>();
        try (ChildJvm child = scenario("discard", said)) {
            assertThat(child.await(LIMIT)).isZero();
        }
        assertThat(said).contains("DISCARDED true DISPOSED");
    }

    /** Starts the scenario until the process survives; returns how often it died. */
    private int killUntilItStays(String name, int limit) {
        int deaths = 0;
        while (true) {
            List<String> said = new ArrayList<>();
            try (ChildJvm child = scenario(name, said)) {
                if (child.await(LIMIT) == 0) {
                    assertThat(said).contains("SETTLED");
                    return deaths;
                }
            }
            deaths++;
            assertThat(deaths).as("deaths of scenario %s", name).isLessThanOrEqualTo(limit);
        }
    }

    private ChildJvm scenario(String name, List<String> said) {
        return ChildJvm.of(PoisonScenario.class)
                .arguments(folder.toString(), name)
                .shortLived()
                .flags("-Xmx256m")
                .lines(said::add)
                .start();
    }

    static List<TaskState> states(HoldfastInstance node) {
        try (Stream<TaskInfo> tasks = node.getDurableExecutorService("many").tasks(TaskQuery.all())) {
            return tasks.map(TaskInfo::state).toList();
        }
    }

    private static boolean isRunning(DurableExecutorService executor, long taskId) {
        return executor.getTask(taskId).orElseThrow().state() == TaskState.RUNNING;
    }

    static HoldfastInstance start(Path directory) {
        return Holdfast.newInstance(config(directory));
    }

    static Config config(Path directory) {
        Config config = new Config().setPartitionCount(2);
        config.getStorageConfig().setDirectory(directory.resolve("data"));
        config.addDurableExecutorConfig(new DurableExecutorConfig("one").setPoolSize(1));
        config.addDurableExecutorConfig(new DurableExecutorConfig("many").setPoolSize(16));
        return config;
    }

    @SuppressWarnings("InfiniteRecursion") // it is what the test is about
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    private record Endless() implements DurableCallable<Object> {
        @Override
        public Object call() throws Exception {
            new CountDownLatch(1).await();
            return "never";
        }
    }
}
