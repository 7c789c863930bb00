package dev.holdfast.node.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.Holdfast;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.node.service.TaskOutcome.Kind;
import dev.holdfast.storage.log.TaskId;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Acting on a running node through its socket. */
@Timeout(60)
class NodeControlTest {

    private static volatile CountDownLatch interrupted = new CountDownLatch(1);
    private static volatile CountDownLatch runs = new CountDownLatch(1);
    private static volatile boolean fails = true;

    @TempDir
    Path directory;

    private HoldfastInstance node;
    private DurableExecutorService jobs;
    private AdminClient client;

    record Job(String what) implements Callable<String>, Serializable {
        @Override
        public String call() throws InterruptedException {
            if (what.equals("wait")) {
                runs.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            }
            if (what.equals("fail") && fails) {
                throw new IllegalStateException("on purpose");
            }
            return what;
        }
    }

    @BeforeEach
    void start() throws Exception {
        interrupted = new CountDownLatch(1);
        runs = new CountDownLatch(1);
        fails = true;
        Config config = new Config().setPartitionCount(2);
        config.getDurableExecutorConfig("configured").setPoolSize(3);
        config.getDurableExecutorConfig("default").setPoolSize(2);
        config.getDurableExecutorConfig("reports-*").setPoolSize(2);
        config.getStorageConfig().setDirectory(directory);
        node = Holdfast.newInstance(config);
        jobs = node.getDurableExecutorService("jobs");
        client = AdminClient.connect(directory);
    }

    @AfterEach
    void close() {
        client.close();
        node.close();
    }

    private List<TaskOutcome> act(TaskAction action, long... ids) {
        List<TaskOutcome> outcomes = new ArrayList<>();
        client.act(action, LongStream.of(ids).mapToObj(TaskId::new).toList(), outcomes::add);
        return outcomes;
    }

    private long failed() {
        var failing = jobs.submit(new Job("fail"));
        assertThatThrownBy(failing::get).isInstanceOf(ExecutionException.class);
        return failing.getTaskId();
    }

    @Test
    void aRunningTaskIsCancelledAndInterruptedAndOneThatWaitsNeverStarts() throws Exception {
        var running = jobs.submit(new Job("wait"));
        runs.await();
        jobs.pause();
        var waiting = jobs.submit(new Job("never"));
        assertThat(act(TaskAction.CANCEL, running.getTaskId(), waiting.getTaskId()))
                .extracting(TaskOutcome::taskId, TaskOutcome::kind)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(running.getTaskId(), Kind.DONE),
                        org.assertj.core.groups.Tuple.tuple(waiting.getTaskId(), Kind.DONE));
        interrupted.await();
        assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
        assertThat(act(TaskAction.CANCEL, waiting.getTaskId())).singleElement().satisfies(again -> {
            assertThat(again.kind()).isEqualTo(Kind.UNCHANGED);
            assertThat(again.detail()).contains("state=CANCELLED");
        });
    }

    @Test
    void aFailureIsRetriedAndAnotherDiscarded() throws Exception {
        long again = failed();
        long gone = failed();
        long done = jobs.submit(new Job("done")).getTaskId();
        await().until(() -> jobs.getTask(done).map(TaskInfo::state).equals(Optional.of(TaskState.COMPLETED)));
        fails = false;
        assertThat(act(TaskAction.RETRY, again, done, 999_999))
                .extracting(TaskOutcome::kind)
                .containsExactly(Kind.DONE, Kind.UNCHANGED, Kind.NOT_FOUND);
        assertThat(jobs.<String>retrieveResult(again).get()).isEqualTo("fail");
        assertThat(act(TaskAction.DISCARD, gone, gone))
                .extracting(TaskOutcome::kind)
                .containsExactly(Kind.DONE, Kind.NOT_FOUND);
        assertThat(jobs.getTask(gone)).isEmpty();
        assertThat(act(TaskAction.RETRY_CHANGED_CODE, done))
                .extracting(TaskOutcome::kind)
                .containsExactly(Kind.UNCHANGED);
    }

    @Test
    void aResultIsDisposedOfAndOneThatIsNotThereYetWillBe() throws Exception {
        long done = jobs.submit(new Job("done")).getTaskId();
        jobs.retrieveResult(done).get();
        jobs.pause();
        long later = jobs.submit(new Job("later")).getTaskId();
        List<TaskOutcome> outcomes = act(TaskAction.DISPOSE, done, later, later);
        assertThat(outcomes).extracting(TaskOutcome::kind).containsExactly(Kind.DONE, Kind.DONE, Kind.UNCHANGED);
        assertThat(outcomes.get(1).detail()).contains("dropped then");
        jobs.resume();
        await().until(() -> jobs.getTask(later).isEmpty());
        assertThat(act(TaskAction.DISPOSE, done)).singleElement().satisfies(again -> {
            assertThat(again.kind()).isEqualTo(Kind.NOT_FOUND);
            assertThat(again.detail()).contains("DISPOSED");
        });
    }

    @Test
    void thousandsAreActedOnInOneCall() {
        jobs.pause();
        long[] ids = new long[1500];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = jobs.submit(new Job("never")).getTaskId();
        }
        assertThat(act(TaskAction.CANCEL, ids)).hasSize(1500).allMatch(outcome -> outcome.kind() == Kind.DONE);
        assertThat(jobs.getStats().cancelled()).isEqualTo(1500);
    }

    @Test
    void executorsAreListedPausedShutDownAndOpenedAgain() throws Exception {
        jobs.submit(new Job("done")).get();
        var running = jobs.submit(new Job("wait"));
        runs.await();
        assertThat(client.executors()).extracting(SeenExecutor::name).containsExactly("configured", "jobs");
        SeenExecutor seen = client.executors().get(1);
        assertThat(seen.state()).isEqualTo("OPEN");
        assertThat(seen.running()).isEqualTo(1);
        assertThat(seen.counters().completed()).isEqualTo(1);
        assertThat(seen.live()).isNotNull();
        assertThat(seen.live().capacity()).isEqualTo(10_000);
        assertThat(seen.live().execution().count()).isEqualTo(1);
        assertThat(seen.live().attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.task().value()).isEqualTo(running.getTaskId()));
        SeenExecutor.Live configured = client.executors().get(0).live();
        assertThat(configured).isNotNull();
        assertThat(configured.poolSize()).isEqualTo(3);

        assertThat(client.operate("jobs", ExecutorOperation.PAUSE)).get().matches(SeenExecutor::paused);
        assertThat(jobs.isPaused()).isTrue();
        assertThat(client.operate("jobs", ExecutorOperation.RESUME)).get().matches(after -> !after.paused());
        assertThat(client.operate("jobs", ExecutorOperation.SHUTDOWN)).get().matches(SeenExecutor::shutdown);
        assertThatThrownBy(() -> jobs.submit(new Job("no"))).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> client.submit(submit("jobs", Map.of("what", "no"))))
                .isInstanceOf(AdminFailure.class)
                .hasMessageContaining("is shut down")
                .satisfies(refused ->
                        assertThat(((AdminFailure) refused).reason()).isEqualTo(AdminFailure.Reason.REFUSED));
        assertThat(client.operate("jobs", ExecutorOperation.REOPEN)).get().matches(after -> !after.shutdown());
        assertThat(client.operate("jbos", ExecutorOperation.PAUSE))
                .as("a slip makes no executor")
                .isEmpty();
        assertThat(client.executors()).hasSize(2);
        assertThat(running.cancel(true)).isTrue(); // or the close would give it its grace
    }

    @Test
    void aTaskIsMadeByTheNode() throws Exception {
        TaskId task = client.submit(submit("new", Map.of("what", "made")));
        DurableExecutorService service = node.getDurableExecutorService("new");
        assertThat(service.<String>retrieveResult(task.value()).get()).isEqualTo("made");
        TaskInfo info = service.getTask(task.value()).orElseThrow();
        assertThat(info.label()).isEqualTo("a label");
        assertThat(info.key()).isEqualTo("customer 7");
        assertThat(client.submit(submit("new", Map.of("what", "made again"))))
                .as("the same idempotency key")
                .isEqualTo(task);
        assertThatThrownBy(() -> client.submit(submit("new", Map.of("waht", "slip"))))
                .isInstanceOf(AdminFailure.class)
                .hasMessageContaining("given=[waht], known arguments: (String what)");
    }

    private static SubmitRequest submit(String executor, Map<String, String> arguments) {
        return new SubmitRequest(
                executor, Job.class.getName(), arguments, "a label", "customer 7", "once", 5, 3_600_000);
    }

    @Test
    void theNodeTellsWhetherItExecutes() throws Exception {
        assertThat(client.node().orElseThrow().started()).isTrue();
        assertThat(client.node().orElseThrow().suspect()).isNull();
        node.close();
        Config config = new Config().setPartitionCount(2).setAutoStart(false);
        config.getStorageConfig().setDirectory(directory);
        node = Holdfast.newInstance(config);
        assertThat(AdminClient.connect(directory).node().orElseThrow().started())
                .isFalse();
        node.start();
        assertThat(AdminClient.connect(directory).node().orElseThrow().started())
                .isTrue();
    }

    @Test
    void sectionsThatStandForOthersAreNoExecutorsAndOneThatIsUsedMayHaveAnyName() {
        node.getDurableExecutorService("a*b").pause();
        assertThat(client.executors()).extracting(SeenExecutor::name).containsExactly("a*b", "configured", "jobs");
    }

    @Test
    void theCommittedEndOfAPartitionIsTold() throws Exception {
        var before =
                client.writtenEnd(new dev.holdfast.storage.log.PartitionId(0)).orElseThrow();
        jobs.pause();
        var after =
                client.writtenEnd(new dev.holdfast.storage.log.PartitionId(0)).orElseThrow();
        assertThat(after.lsn()).isGreaterThan(before.lsn());
        assertThat(after.hash()).isNotEqualTo(before.hash());
        node.close();
        assertThatThrownBy(() -> client.writtenEnd(new dev.holdfast.storage.log.PartitionId(0)))
                .isInstanceOf(java.io.IOException.class)
                .hasCauseInstanceOf(NodeUnreachableException.class);
    }
}
