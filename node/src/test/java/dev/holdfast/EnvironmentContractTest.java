package dev.holdfast;

import static dev.holdfast.CodeOf.code;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.config.ErrorCode;
import dev.holdfast.config.SplitBrainProtectionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@SuppressWarnings({"FutureReturnValueIgnored", "NullAway"}) // passes null where it is refused
class EnvironmentContractTest extends NodeFixture {

    static class Aware implements DurableCallable<String>, HoldfastInstanceAware {
        private transient @Nullable HoldfastInstance instance;
        transient @Nullable String injected;

        @Override
        public void setHoldfastInstance(HoldfastInstance instance) {
            this.instance = instance;
        }

        @Override
        public String call() {
            return injected + " on " + (instance == null ? "nothing" : instance.getName());
        }
    }

    @Test
    void aTaskGetsItsNodeAndWhatTheInitialiserGives() throws Exception {
        start(config -> config.setNodeName("here").setTaskInitializer(task -> {
            if (task instanceof Aware aware) {
                aware.injected = "injected";
            }
        }));
        assertThat(service().submit(new Aware()).get(10, SECONDS)).isEqualTo("injected on here");
    }

    @Test
    void anInitialiserThatFailsFailsTheTask() {
        start(config -> config.setTaskInitializer(task -> {
            throw new IllegalStateException("not wired");
        }));
        assertThatThrownBy(() -> service().submit(() -> "x").get(10, SECONDS)).hasRootCauseMessage("not wired");
    }

    @Test
    void theUserContextIsTheApplicationsOwn() throws Exception {
        List<String> log = new CopyOnWriteArrayList<>();
        start(config -> config.getUserContext().put("log", log));
        service().submit(EnvironmentContractTest::logsSomething).get(10, SECONDS);
        assertThat(log).containsExactly("from the task");
    }

    @SuppressWarnings("unchecked")
    private static void logsSomething() {
        ((List<String>) TaskContext.current().userContext().get("log")).add("from the task");
    }

    @Test
    void aTaskKnowsItselfAndNobodyElseDoes() throws Exception {
        DurableExecutorServiceFuture<List<Object>> future = service().submit(() -> {
            TaskContext context = TaskContext.current();
            context.log("hello");
            return List.<Object>of(
                    context.taskId(),
                    context.executorName(),
                    context.attempt(),
                    context.fencingToken() > 0,
                    context.isCancelled());
        });
        assertThat(future.get(10, SECONDS)).isEqualTo(List.of(future.getTaskId(), NAME, 1, true, false));
        assertThatThrownBy(TaskContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProtectedExecutorRefusesOnANodeAlone() {
        start(config -> {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("two").setMinimumClusterSize(2));
            config.getDurableExecutorConfig("guarded").setSplitBrainProtectionName("two");
        });
        DurableExecutorService guarded = node().getDurableExecutorService("guarded");
        for (Runnable call : List.<Runnable>of(
                () -> guarded.submit(() -> "x"),
                () -> guarded.execute(() -> {}),
                () -> guarded.retrieveResult(1),
                guarded::shutdown)) {
            assertThatThrownBy(call::run)
                    .isInstanceOf(SplitBrainProtectionException.class)
                    .isInstanceOf(RejectedExecutionException.class)
                    .has(code(ErrorCode.CLUSTER_TOO_SMALL))
                    .hasMessageContainingAll("executor=guarded", "minimum-cluster-size=2");
        }
        assertThat(guarded.isShutdown()).isFalse();
        assertThat(guarded.isTerminated()).isFalse();
        assertThat(service().submit(() -> "unprotected").getTaskId()).isPositive();
    }

    @Test
    void anErrorOrAnOverflownStackFailsItsTaskOnly() throws Exception {
        DurableExecutorServiceFuture<Object> error = service().submit(() -> {
            throw new AssertionError("an error");
        });
        DurableExecutorServiceFuture<Integer> overflow = service().submit(() -> overflow(0));
        assertThatThrownBy(() -> error.get(10, SECONDS)).hasCauseInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> overflow.get(10, SECONDS)).hasCauseInstanceOf(StackOverflowError.class);
        for (int i = 0; i < 20; i++) {
            assertThat(service().submit(() -> "innocent").get(10, SECONDS)).isEqualTo("innocent");
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? depth : overflow(depth + 1) + depth;
    }

    /** By reflection: this is compiled for 17, virtual threads came with 21. */
    private static boolean onAVirtualThread() throws ReflectiveOperationException {
        return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void tasksRunOnVirtualThreadsWhereAsked() throws Exception {
        start(config -> config.getDurableExecutorConfig(NAME).setVirtualThreads(true));
        List<DurableExecutorServiceFuture<Boolean>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            futures.add(service().submit(EnvironmentContractTest::onAVirtualThread));
        }
        for (DurableExecutorServiceFuture<Boolean> future : futures) {
            assertThat(future.get(10, SECONDS)).isTrue();
        }
        assertThat(node().getDurableExecutorService("other")
                        .submit(EnvironmentContractTest::onAVirtualThread)
                        .get(10, SECONDS))
                .isFalse();
    }

    @Test
    void theSameNameIsTheSameExecutor() {
        assertThat(node().getDurableExecutorService("a")).isSameAs(node().getDurableExecutorService("a"));
        assertThat(service().getName()).isEqualTo(NAME);
        for (String name : List.of("", "x".repeat(257))) {
            assertThatThrownBy(() -> node().getDurableExecutorService(name))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> node().getDurableExecutorService(null)).isInstanceOf(NullPointerException.class);
    }
}
