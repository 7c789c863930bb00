package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.HoldfastInstanceAware;
import dev.holdfast.TaskContext;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.node.recovery.GatedStore;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

@Timeout(60)
class TaskOutcomesTest {

    private final Config config = config();
    private final EmbeddedNode node = EmbeddedNode.start(config, new GatedStore().next());
    private final DurableExecutorService service = node.getDurableExecutorService("outcomes");

    private static Config config() {
        Config config = new Config().setPartitionCount(2);
        config.getUserContext().put("greeting", "hello");
        config.setTaskInitializer(task -> {
            if (task instanceof Injected injected) {
                injected.initialised = true;
            }
        });
        config.setClassLoader(new URLClassLoader(new URL[0], TaskOutcomesTest.class.getClassLoader()));
        config.getDurableExecutorConfig("one").setPoolSize(1);
        return config;
    }

    @AfterEach
    void close() {
        node.close();
    }

    private static void assertFails(DurableExecutorServiceFuture<?> future, Class<? extends Throwable> cause) {
        assertThatThrownBy(() -> future.get(20, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(cause);
    }

    private void assertStillWorks() throws Exception {
        assertThat(service.submit(() -> 1).get(20, SECONDS)).isEqualTo(1);
    }

    @Test
    void anErrorIsTheFailureOfTheTaskAndNotOfTheWorker() throws Exception {
        assertFails(
                service.submit(() -> {
                    throw new AssertionError("no");
                }),
                AssertionError.class);
        assertFails(
                service.submit(() -> {
                    throw new OutOfMemoryError("as if");
                }),
                OutOfMemoryError.class);
        assertStillWorks();
    }

    @SuppressWarnings("InfiniteRecursion") // what it is for
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }

    @Test
    void anOverflownStackIsAFailure() throws Exception {
        assertFails(service.submit(() -> deeper(0)), StackOverflowError.class);
        assertStillWorks();
    }

    @Test
    void anInterruptedExceptionOfTheTaskIsAFailureAndLeavesNoFlag() throws Exception {
        DurableExecutorService one = node.getDurableExecutorService("one");
        assertFails(
                one.submit(() -> {
                    Thread.currentThread().interrupt();
                    throw new InterruptedException("by itself");
                }),
                InterruptedException.class);
        assertThat(one.submit(() -> Thread.currentThread().isInterrupted()).get(20, SECONDS))
                .isFalse();
    }

    @Test
    void aResultThatCanNotBeEncodedIsAFailure() throws Exception {
        assertThatThrownBy(() -> service.<Object>submit(() -> new Object()).get(20, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("Object");
        assertStillWorks();
    }

    @Test
    void aResultOverTheLimitIsAFailure() throws Exception {
        assertThatThrownBy(() -> service.submit(() -> new byte[100 << 20]).get(30, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("max-payload");
        assertStillWorks();
    }

    @Test
    void aReturnedThrowableIsASuccess() throws Exception {
        assertThat(service.<Throwable>submit(() -> new IllegalStateException("value"))
                        .get(20, SECONDS))
                .isInstanceOf(IllegalStateException.class);
        assertThat(service.<Object>submit(() -> null).get(20, SECONDS)).isNull();
    }

    /** Told what it wants before it runs. */
    private static final class Injected implements Callable<String>, HoldfastInstanceAware, Serializable {
        private static final long serialVersionUID = 1L;
        private transient boolean initialised;
        private transient @Nullable HoldfastInstance instance;

        @Override
        public void setHoldfastInstance(HoldfastInstance given) {
            instance = given;
        }

        @Override
        public String call() {
            HoldfastInstance known = instance;
            return initialised + " " + (known == null ? null : known.getName()) + " "
                    + TaskContext.current().userContext().get("greeting");
        }
    }

    @Test
    void aTaskIsGivenTheInstanceAndInitialised() throws Exception {
        assertThat(service.submit(new Injected()).get(20, SECONDS)).isEqualTo("true node-1 hello");
    }

    @Test
    void aTaskKnowsItsContextAndSoDoesItsLog() throws Exception {
        DurableExecutorServiceFuture<List<Object>> future = service.submit((DurableCallable<List<Object>>) () -> {
            TaskContext context = TaskContext.current();
            Map<String, String> mdc = MDC.getCopyOfContextMap();
            boolean loader = Thread.currentThread().getContextClassLoader() instanceof URLClassLoader;
            return List.of(
                    context.taskId(),
                    context.attempt(),
                    context.executorName(),
                    context.isCancelled(),
                    context.fencingToken() > 0,
                    loader,
                    mdc.get("taskId") + mdc.get("attempt") + mdc.get("executor"));
        });
        long id = future.getTaskId();
        assertThat(future.get(20, SECONDS)).containsExactly(id, 1, "outcomes", false, true, true, id + "1outcomes");
        assertThatThrownBy(TaskContext::current).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCancelledTaskThatRunsIsInterruptedAndOnlyThat() throws Exception {
        Probe probe = Probe.of("cancelled");
        DurableExecutorServiceFuture<String> first = service.submit(Probe.gated("cancelled", "first"));
        DurableExecutorServiceFuture<String> second = service.submit(Probe.gated("cancelled", "second"));
        probe.awaitStarts(2);
        assertThat(first.cancel(true)).isTrue();
        assertThatThrownBy(() -> first.get(20, SECONDS)).isInstanceOf(CancellationException.class);
        probe.letGo(2);
        assertThat(second.get(20, SECONDS)).isEqualTo("second");
        assertThat(probe.interrupted).doesNotContain("second");
        assertThat(service.getTask(first.getTaskId()).orElseThrow().state()).isEqualTo(TaskState.CANCELLED);
    }

    @Test
    void aCancelledTaskThatWaitsNeverStarts() throws Exception {
        DurableExecutorService one = node.getDurableExecutorService("one");
        Probe probe = Probe.of("waiting");
        DurableExecutorServiceFuture<String> running = one.submit(Probe.gated("waiting", "running"));
        probe.awaitStarts(1);
        DurableExecutorServiceFuture<String> waiting = one.submit(Probe.gated("waiting", "waiting"));
        assertThat(one.cancel(waiting.getTaskId())).isTrue();
        probe.letGo(2);
        assertThat(running.get(20, SECONDS)).isEqualTo("running");
        assertThat(one.submit(() -> 1).get(20, SECONDS)).isEqualTo(1);
        assertThat(probe.started).containsExactly("running");
    }

    private static final class WaitsForAnother implements Callable<Integer>, HoldfastInstanceAware, Serializable {
        private static final long serialVersionUID = 1L;
        private final int depth;
        private transient @Nullable HoldfastInstance instance;

        WaitsForAnother(int depth) {
            this.depth = depth;
        }

        @Override
        public void setHoldfastInstance(HoldfastInstance given) {
            instance = given;
        }

        @Override
        public Integer call() throws Exception {
            HoldfastInstance known = instance;
            if (depth == 0 || known == null) {
                return 0;
            }
            return known.getDurableExecutorService("one")
                            .submit(new WaitsForAnother(depth - 1))
                            .get()
                    + 1;
        }
    }

    @Test
    void onAPoolOfOneATaskMayWaitForAnother() throws Exception {
        DurableExecutorService one = node.getDurableExecutorService("one");
        assertThat(one.submit(new WaitsForAnother(50)).get(30, SECONDS)).isEqualTo(50);
    }

    @Test
    void aPausedExecutorStartsNothingAndGoesOnWhenResumed() throws Exception {
        DurableExecutorService paused = node.getDurableExecutorService("paused");
        paused.submit(() -> 0).get(20, SECONDS);
        paused.pause();
        DurableExecutorServiceFuture<String> held = paused.submit(Probe.gated("paused", "held"));
        assertStillWorks();
        assertThat(Probe.of("paused").started).isEmpty();
        Probe.of("paused").letGo(1);
        paused.resume();
        assertThat(held.get(20, SECONDS)).isEqualTo("held");
    }

    @Test
    void destroyInterruptsWhatRuns() throws Exception {
        DurableExecutorService doomed = node.getDurableExecutorService("doomed");
        Probe probe = Probe.of("doomed");
        doomed.execute(Probe.running("doomed", "running"));
        probe.awaitStarts(1);
        doomed.destroy();
        await().until(() -> probe.interrupted.contains("running"));
    }
}
