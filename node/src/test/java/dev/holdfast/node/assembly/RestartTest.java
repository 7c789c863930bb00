package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.config.SyncPolicy;
import dev.holdfast.node.recovery.GatedStore;
import dev.holdfast.storage.log.LogRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RestartTest {

    private final List<EmbeddedNode> nodes = new ArrayList<>();
    private GatedStore store = new GatedStore();

    private static Config config() {
        Config config = new Config().setPartitionCount(2).setShutdownGrace(Duration.ofMillis(50));
        config.getDurableExecutorConfig("one").setPoolSize(1);
        return config;
    }

    private EmbeddedNode start(Config config) {
        EmbeddedNode node = EmbeddedNode.start(config, store.next());
        nodes.add(node);
        return node;
    }

    /** The node before it lives on, but over logs that nobody reads any more. */
    private EmbeddedNode startAfterKill(Config config) {
        store = store.afterKill();
        return start(config);
    }

    @AfterEach
    void close() {
        nodes.forEach(EmbeddedNode::close);
    }

    @Test
    void afterAKillResultsAreServedAndUnfinishedTasksRunOldestFirst() throws Exception {
        EmbeddedNode first = start(config());
        DurableExecutorService service = first.getDurableExecutorService("one");
        long finished = service.submit(() -> "finished").getTaskId();
        service.retrieveResult(finished).get(20, SECONDS);
        List<Long> unfinished = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            unfinished.add(service.submit(Probe.gated("oldest", "task-" + i)).getTaskId());
        }
        Probe.of("oldest").awaitStarts(1);

        EmbeddedNode second = startAfterKill(config().setAutoStart(false));
        assertThat(second.report().results()).isEqualTo(1);
        assertThat(second.report().unfinished()).isEqualTo(10);
        assertThat(second.report().crashed()).isTrue();
        DurableExecutorService again = second.getDurableExecutorService("one");
        assertThat(again.getStats().recovered()).isEqualTo(10);
        assertThat(again.retrieveResult(finished).get(20, SECONDS)).isEqualTo("finished");
        DurableExecutorServiceFuture<String> last = again.retrieveResult(unfinished.get(9));
        assertThat(Probe.of("oldest").started).containsExactly("task-0");
        Probe.of("oldest").letGo(20);
        second.start();
        assertThat(last.get(20, SECONDS)).isEqualTo("task-9");
        List<String> started = Probe.of("oldest").started;
        for (int i = 0; i < 10; i++) {
            assertThat(started).contains("task-" + i);
        }
        TaskInfo info = again.getTask(unfinished.get(9)).orElseThrow();
        assertThat(info.attempt()).as("the first may have run unlogged").isEqualTo(2);
    }

    @Test
    void aSuspectRunsAloneAndItsInnocentNeighboursGoOn() throws Exception {
        EmbeddedNode first = start(config());
        DurableExecutorService service = first.getDurableExecutorService("many");
        List<Long> suspects = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            suspects.add(service.submit(Probe.gated("suspects", "s" + i)).getTaskId());
        }
        Probe probe = Probe.of("suspects");
        probe.awaitStarts(3);
        EmbeddedNode second = startAfterKill(config());
        probe.awaitStarts(3); // logged attempts, side by side: nobody is a suspect yet
        await().until(() -> attemptsStarted() == 3);

        EmbeddedNode third = startAfterKill(config());
        probe.awaitStarts(1);
        DurableExecutorService again = third.getDurableExecutorService("many");
        assertThat(again.submit(() -> "innocent").get(20, SECONDS)).isEqualTo("innocent");
        assertThat(attemptsStarted()).as("one suspect runs").isEqualTo(4);
        assertThat(probe.started).hasSize(7);
        // Nine: two of the nodes that were killed wait for the same permits.
        probe.letGo(9);
        for (long suspect : suspects) {
            assertThat(again.<String>retrieveResult(suspect).get(20, SECONDS)).startsWith("s");
            assertThat(again.getTask(suspect).orElseThrow().attempt()).isEqualTo(3);
        }
        assertThat(second.getName()).isEqualTo("node-1");
    }

    private long attemptsStarted() {
        return store.log(0).records().stream()
                        .filter(LogRecord.AttemptStarted.class::isInstance)
                        .count()
                + store.log(1).records().stream()
                        .filter(LogRecord.AttemptStarted.class::isInstance)
                        .count();
    }

    @Test
    void aTaskThatKillsTheProcessTooOftenIsQuarantinedAndCanBeRetried() throws Exception {
        EmbeddedNode first = start(config());
        long poison = first.getDurableExecutorService("a")
                .submit(Probe.gated("poison", "p"), TaskOptions.create().maxCrashes(1))
                .getTaskId();
        Probe.of("poison").awaitStarts(1);
        EmbeddedNode second = startAfterKill(config());
        DurableExecutorService service = second.getDurableExecutorService("a");
        assertThat(second.report().quarantined()).isEqualTo(1);
        assertThat(service.getStats().quarantined()).isEqualTo(1);
        assertThat(service.getTask(poison).orElseThrow().state()).isEqualTo(TaskState.QUARANTINED);
        DurableExecutorServiceFuture<String> future = service.retrieveResult(poison);
        assertThat(future.isDone()).isFalse();
        Probe.of("poison").letGo(2);
        assertThat(service.retry(poison)).isTrue();
        assertThat(future.get(20, SECONDS)).isEqualTo("p");
    }

    @Test
    void aGracefulCloseAbandonsWhatRunsOnAndCountsNothing() throws Exception {
        EmbeddedNode first = start(config());
        long id = first.getDurableExecutorService("a")
                .submit(Probe.gated("graceful", "g"), TaskOptions.create().maxCrashes(1))
                .getTaskId();
        Probe probe = Probe.of("graceful");
        probe.awaitStarts(1);
        first.close();
        assertThat(probe.interrupted).containsExactly("g");
        assertThat(store.log(0).records().stream()
                                .filter(LogRecord.AttemptAbandoned.class::isInstance)
                                .count()
                        + store.log(1).records().stream()
                                .filter(LogRecord.AttemptAbandoned.class::isInstance)
                                .count())
                .isEqualTo(1);
        assertThat(store.isClosed()).isTrue();

        EmbeddedNode second = start(config());
        assertThat(second.report().crashed()).isFalse();
        probe.awaitStarts(1);
        probe.letGo(1);
        assertThat(second.getDurableExecutorService("a").retrieveResult(id).get(20, SECONDS))
                .isEqualTo("g");
        assertThat(second.getDurableExecutorService("a")
                        .getTask(id)
                        .orElseThrow()
                        .attempt())
                .isEqualTo(2);
    }

    @Test
    void whatAnAbandonedAttemptReturnsIsDropped() throws Exception {
        EmbeddedNode first = start(config());
        long id = first.getDurableExecutorService("a")
                .submit(Probe.stubborn("dropped", "d"))
                .getTaskId();
        Probe probe = Probe.of("dropped");
        probe.awaitStarts(1);
        first.close();
        probe.letGo(1);
        EmbeddedNode second = start(config());
        probe.awaitStarts(1);
        assertThat(second.getDurableExecutorService("a").retrieveResult(id).isDone())
                .isFalse();
        probe.letGo(1);
        assertThat(second.getDurableExecutorService("a").retrieveResult(id).get(20, SECONDS))
                .isEqualTo("d");
    }

    @Test
    void aCloseLetsWhatEndsWithinTheGraceEnd() throws Exception {
        EmbeddedNode first = start(config().setShutdownGrace(Duration.ofSeconds(20)));
        long id = first.getDurableExecutorService("a")
                .submit(Probe.gated("ends", "e"))
                .getTaskId();
        Probe.of("ends").awaitStarts(1);
        Thread closer = new Thread(first::close);
        closer.start();
        Probe.of("ends").letGo(1);
        closer.join(20_000);
        EmbeddedNode second = start(config());
        assertThat(second.report().results()).isEqualTo(1);
        assertThat(second.getDurableExecutorService("a").retrieveResult(id).get(20, SECONDS))
                .isEqualTo("e");
    }

    @Test
    void aClosedNodeRefusesAndTellsWhoWaits() throws Exception {
        EmbeddedNode node = start(config());
        DurableExecutorService service = node.getDurableExecutorService("a");
        DurableExecutorServiceFuture<String> future = service.submit(Probe.gated("closed", "c"));
        node.close();
        node.close();
        assertThatThrownBy(() -> future.get(20, SECONDS)).hasMessageContaining("closed");
        assertThatThrownBy(() -> service.submit(() -> 1)).hasMessageContaining("closed");
        assertThatThrownBy(() -> node.getDurableExecutorService("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("node=node-1");
    }

    @Test
    void aDiskThatFailsStopsTheNodeAndNothingIsAcknowledged() throws Exception {
        Config always = config();
        always.getStorageConfig().setSync(SyncPolicy.ALWAYS);
        EmbeddedNode node = start(always);
        DurableExecutorService service = node.getDurableExecutorService("a");
        assertThat(service.submit(() -> 1).get(20, SECONDS)).isEqualTo(1);
        DurableExecutorService one = node.getDurableExecutorService("one");
        one.execute(Probe.running("failed-disk", "running"));
        one.execute(Probe.running("failed-disk", "queued"));
        Probe.of("failed-disk").awaitStarts(1);
        store.log(0).fail();
        store.log(1).fail();
        assertThatThrownBy(() -> service.submit(() -> 2)).hasMessageContainingAll("disk", "[HF-0503]");
        await().until(() -> node.getCluster().partitions().stream().noneMatch(partition -> partition.serving()));
        assertThatThrownBy(() -> service.submit(() -> 3)).hasMessageContainingAll("disk", "[HF-0503]");
        Probe.of("failed-disk").letGo(2);
        node.close();
        assertThat(Probe.of("failed-disk").started).containsExactly("running");
        assertThat(store.isClosed()).isTrue();
        assertThat(store.log(0).isClean()).isFalse();
    }

    @Test
    void shutdownSurvivesARestartAndWhatWasAcceptedStillRuns() throws Exception {
        EmbeddedNode first = start(config().setAutoStart(false));
        DurableExecutorService service = first.getDurableExecutorService("a");
        long id = service.submit(() -> "accepted").getTaskId();
        service.shutdown();
        EmbeddedNode second = startAfterKill(config());
        DurableExecutorService again = second.getDurableExecutorService("a");
        assertThat(again.isShutdown()).isTrue();
        assertThatThrownBy(() -> again.submit(() -> 1))
                .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        assertThat(again.retrieveResult(id).get(20, SECONDS)).isEqualTo("accepted");
        assertThat(again.awaitTermination(20, SECONDS)).isTrue();
    }

    @Test
    void aPausedExecutorStaysPausedOverARestart() throws Exception {
        EmbeddedNode first = start(config());
        DurableExecutorService service = first.getDurableExecutorService("a");
        service.pause();
        long id = service.submit(Probe.gated("still-paused", "p")).getTaskId();
        EmbeddedNode second = startAfterKill(config());
        DurableExecutorService again = second.getDurableExecutorService("a");
        assertThat(again.isPaused()).isTrue();
        assertThat(second.getDurableExecutorService("b").submit(() -> 1).get(20, SECONDS))
                .isEqualTo(1);
        assertThat(Probe.of("still-paused").started).isEmpty();
        Probe.of("still-paused").letGo(1);
        again.resume();
        assertThat(again.retrieveResult(id).get(20, SECONDS)).isEqualTo("p");
    }

    @Test
    void aFailedTaskStaysFailedUntilItIsRetried() throws Exception {
        EmbeddedNode first = start(config());
        long id = first.getDurableExecutorService("a")
                .submit(() -> {
                    if (Probe.of("failing").started.isEmpty()) {
                        Probe.of("failing").started.add("once");
                        throw new IllegalStateException("first time");
                    }
                    return "second time";
                })
                .getTaskId();
        assertThatThrownBy(() ->
                        first.getDurableExecutorService("a").retrieveResult(id).get(20, SECONDS))
                .isInstanceOf(ExecutionException.class);
        EmbeddedNode second = startAfterKill(config());
        DurableExecutorService again = second.getDurableExecutorService("a");
        assertThatThrownBy(() -> again.retrieveResult(id).get(20, SECONDS)).isInstanceOf(ExecutionException.class);
        assertThat(again.retry(id)).isTrue();
        assertThat(again.retrieveResult(id).get(20, SECONDS)).isEqualTo("second time");
    }
}
