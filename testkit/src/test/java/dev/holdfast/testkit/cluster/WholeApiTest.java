package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.holdfast.DurableCallable;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.DurableExecutorStats;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.StaleTaskIdException.Reason;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.testkit.HoldfastCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every method of the interface, called where the partition is not: by a member that another one leads it for, and by a client.
 * What it did is looked at from a third member.
 */
@SuppressWarnings("FutureReturnValueIgnored") // some results are asked for by id only
class WholeApiTest {

    private static final int LEADER = 0;
    private static final int CALLER = 1;
    private static final int OBSERVER = 2;

    private static @Nullable HoldfastCluster started;

    @BeforeAll
    static void start() {
        started = HoldfastCluster.start(3);
    }

    @AfterAll
    static void close() {
        cluster().close();
    }

    private static HoldfastCluster cluster() {
        return Objects.requireNonNull(started);
    }

    @TestFactory
    Stream<DynamicTest> aMemberThatDoesNotLeadThePartition() {
        return calls(cluster().node(CALLER));
    }

    @TestFactory
    Stream<DynamicTest> aClient() {
        return calls(cluster().client());
    }

    private static Stream<DynamicTest> calls(HoldfastInstance from) {
        CalledMethods methods = new CalledMethods();
        return Stream.of(
                test("submits in every way", from, methods, WholeApiTest::submits),
                test("executes", from, methods, WholeApiTest::executes),
                test("reads and disposes of results", from, methods, WholeApiTest::readsAndDisposes),
                test("cancels what runs", from, methods, WholeApiTest::cancels),
                test("retries and discards failures", from, methods, WholeApiTest::retriesAndDiscards),
                test("looks at tasks and counts them", from, methods, WholeApiTest::looks),
                test("pauses and resumes", from, methods, WholeApiTest::pausesAndResumes),
                test("invokes all and any", from, methods, WholeApiTest::invokes),
                test("shuts down, waits and reopens", from, methods, WholeApiTest::shutsDownAndReopens),
                test("shuts down at once", from, methods, WholeApiTest::shutsDownAtOnce),
                test("destroys", from, methods, WholeApiTest::destroys),
                test("closes, which does nothing", from, methods, WholeApiTest::closes),
                dynamicTest(
                        "has called every method",
                        () -> assertThat(methods.called())
                                .hasSizeGreaterThan(40)
                                .isEqualTo(CalledMethods.all())));
    }

    private interface Scenario {
        void run(Call call) throws Exception;
    }

    private static DynamicTest test(String name, HoldfastInstance from, CalledMethods methods, Scenario scenario) {
        return dynamicTest(name, () -> scenario.run(Call.on(unique("api"), from, methods)));
    }

    /**
     * One executor as two see it.
     *
     * @param executor also what tokens begin with
     * @param key of a partition that neither of the two leads
     */
    private record Call(String executor, String key, DurableExecutorService caller, DurableExecutorService observer) {

        static Call on(String executor, HoldfastInstance from, CalledMethods methods) {
            return new Call(
                    executor,
                    keyLedBy(cluster(), LEADER),
                    methods.on(from.getDurableExecutorService(executor)),
                    cluster().node(OBSERVER).getDurableExecutorService(executor));
        }

        String token(String name) {
            return executor + "-" + name;
        }

        KeyedJob job(String name) {
            return KeyedJob.of(key, token(name));
        }

        KeyedJob gated(String name) {
            return KeyedJob.gated(key, token(name));
        }

        KeyedRun run(String name) {
            return new KeyedRun(key, token(name));
        }

        void open(String name) {
            Runs.gate(token(name)).countDown();
        }

        void awaitStart(String name) {
            awaitRuns(name, 1);
        }

        void awaitInterrupt(String name) {
            awaitRuns(name + KeyedJob.INTERRUPTED, 1);
        }

        void awaitRuns(String name, int count) {
            await().untilAsserted(() -> assertThat(Runs.of(token(name))).hasSize(count));
        }

        TaskState seenState(long id) {
            return observer.getTask(id).map(TaskInfo::state).orElseThrow();
        }

        void awaitSeen(long id, TaskState state) {
            await().untilAsserted(() -> assertThat(seenState(id)).isEqualTo(state));
        }

        void isSeenStale(long id, Reason reason) {
            assertThatThrownBy(() -> observer.retrieveResult(id).get(30, SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            StaleTaskIdException.class,
                            stale -> assertThat(stale.reason()).isEqualTo(reason));
        }

        List<TaskInfo> seenTasks() {
            try (Stream<TaskInfo> tasks = observer.tasks(TaskQuery.all())) {
                return tasks.toList();
            }
        }
    }

    private static void submits(Call call) throws Exception {
        DurableExecutorService caller = call.caller();
        String key = call.key();
        List<DurableExecutorServiceFuture<?>> jobs = new ArrayList<>();
        jobs.add(caller.submit((Callable<String>) call.job("job-0")));
        jobs.add(caller.submit(call.job("job-1")));
        jobs.add(caller.submit((Callable<String>) call.job("job-2"), TaskOptions.create()));
        jobs.add(caller.submit(call.job("job-3"), TaskOptions.create()));
        jobs.add(caller.submitAsync((Callable<String>) call.job("job-4"), TaskOptions.create())
                .toCompletableFuture()
                .get(30, SECONDS));
        jobs.add(caller.submitAsync(call.job("job-5"), TaskOptions.create())
                .toCompletableFuture()
                .get(30, SECONDS));
        jobs.add(caller.submitToKeyOwner((Callable<String>) call.job("job-6"), key));
        jobs.add(caller.submitToKeyOwner(call.job("job-7"), key));
        List<DurableExecutorServiceFuture<?>> runs = new ArrayList<>();
        runs.add(caller.submit((Runnable) call.run("run-0")));
        runs.add(caller.submit(call.run("run-1")));
        runs.add(caller.submit((Runnable) call.run("run-2"), TaskOptions.create()));
        runs.add(caller.submit(call.run("run-3"), TaskOptions.create()));
        runs.add(caller.submitToKeyOwner((Runnable) call.run("run-4"), key));
        runs.add(caller.submitToKeyOwner(call.run("run-5"), key));
        List<DurableExecutorServiceFuture<?>> given = new ArrayList<>();
        given.add(caller.submit((Runnable) call.run("given-0"), "given"));
        given.add(caller.submit(call.run("given-1"), "given"));

        for (int i = 0; i < jobs.size(); i++) {
            isOnThePartition(call, jobs.get(i), "job-" + i);
            assertThat(result(call.observer(), jobs.get(i).getTaskId()))
                    .isEqualTo(Runs.of(call.token("job-" + i)).get(0))
                    .isEqualTo(jobs.get(i).get(30, SECONDS));
        }
        for (int i = 0; i < runs.size(); i++) {
            isOnThePartition(call, runs.get(i), "run-" + i);
            assertThat(runs.get(i).get(30, SECONDS)).isNull();
        }
        for (int i = 0; i < given.size(); i++) {
            isOnThePartition(call, given.get(i), "given-" + i);
            assertThat(result(call.observer(), given.get(i).getTaskId())).isEqualTo("given");
        }
    }

    private static void isOnThePartition(Call call, DurableExecutorServiceFuture<?> future, String name) {
        assertThat(new TaskId(future.getTaskId()).partition().value())
                .isEqualTo(cluster()
                        .node(OBSERVER)
                        .getCluster()
                        .partitionOf(EXECUTOR, call.key())
                        .id());
        call.awaitSeen(future.getTaskId(), TaskState.COMPLETED);
        call.awaitStart(name);
    }

    private static void executes(Call call) {
        call.caller().execute((Runnable) call.run("0"));
        call.caller().execute(call.run("1"));
        call.caller().executeOnKeyOwner((Runnable) call.run("2"), call.key());
        call.caller().executeOnKeyOwner(call.run("3"), call.key());
        for (int i = 0; i < 4; i++) {
            call.awaitStart(String.valueOf(i));
        }
        await().untilAsserted(
                        () -> assertThat(call.observer().getStats().completed()).isEqualTo(4));
        assertThat(call.seenTasks()).as("the result of a success is not kept").isEmpty();
    }

    private static void readsAndDisposes(Call call) throws Exception {
        long kept = call.observer().submit(call.job("kept")).getTaskId();
        long disposed = call.observer().submit(call.job("disposed")).getTaskId();
        long taken = call.observer().submit(call.job("taken")).getTaskId();
        assertThat(result(call.caller(), kept)).isEqualTo(result(call.observer(), kept));
        call.awaitSeen(disposed, TaskState.COMPLETED);

        call.caller().disposeResult(disposed);
        call.isSeenStale(disposed, Reason.DISPOSED);
        assertThat(call.caller().<String>retrieveAndDisposeResult(taken).get(30, SECONDS))
                .isEqualTo(Runs.of(call.token("taken")).get(0));
        call.isSeenStale(taken, Reason.DISPOSED);
        assertThat(result(call.observer(), kept)).startsWith(call.token("kept"));
    }

    private static void cancels(Call call) {
        long byId = call.observer().submit(call.gated("by-id")).getTaskId();
        DurableExecutorServiceFuture<String> byFuture = call.caller().submit(call.gated("by-future"));
        call.awaitStart("by-id");
        call.awaitStart("by-future");

        assertThat(call.caller().cancel(byId)).isTrue();
        assertThat(byFuture.cancel(true)).isTrue();

        assertThat(call.seenState(byId)).isEqualTo(TaskState.CANCELLED);
        assertThat(call.seenState(byFuture.getTaskId())).isEqualTo(TaskState.CANCELLED);
        call.awaitInterrupt("by-id");
        call.awaitInterrupt("by-future");
        assertThat(call.caller().cancel(byId)).isFalse();
    }

    private static void retriesAndDiscards(Call call) throws Exception {
        long retried = call.observer()
                .submit(KeyedJob.failingFirst(call.key(), call.token("retried")))
                .getTaskId();
        String token = call.token("lambda");
        DurableCallable<String> lambda = () -> KeyedJob.failingFirst("", token).call();
        long accepted = call.observer().submitToKeyOwner(lambda, call.key()).getTaskId();
        long discarded = call.observer()
                .submit(KeyedJob.failingFirst(call.key(), call.token("discarded")))
                .getTaskId();
        for (long id : List.of(retried, accepted, discarded)) {
            call.awaitSeen(id, TaskState.FAILED);
        }

        assertThat(call.caller().retry(retried)).isTrue();
        assertThat(call.caller().retry(accepted, true)).isTrue();
        assertThat(call.caller().discard(discarded)).isTrue();

        assertThat(result(call.observer(), retried))
                .isEqualTo(Runs.of(call.token("retried")).get(1));
        assertThat(result(call.observer(), accepted))
                .isEqualTo(Runs.of(call.token("lambda")).get(1));
        assertThat(call.observer().getTask(discarded)).isEmpty();
        call.isSeenStale(discarded, Reason.DISPOSED);
        assertThat(call.caller().retry(retried)).isFalse();
        assertThat(call.caller().discard(retried)).isFalse();
    }

    private static void looks(Call call) throws Exception {
        assertThat(call.caller().getName()).isEqualTo(call.executor());
        long running = call.observer()
                .submit(call.gated("running"), TaskOptions.create().label("gated"))
                .getTaskId();
        long done = call.observer().submit(call.job("done")).getTaskId();
        call.awaitStart("running");
        String result = result(call.observer(), done);

        TaskInfo info = call.caller().getTask(running).orElseThrow();
        assertThat(info.state()).isEqualTo(TaskState.RUNNING);
        assertThat(info.node()).isEqualTo(cluster().node(LEADER).getName());
        assertThat(info.copies()).isEqualTo(2);
        try (Stream<TaskInfo> labelled = call.caller().tasks(TaskQuery.all().label("gated"))) {
            assertThat(labelled.map(TaskInfo::taskId)).containsExactly(running);
        }
        try (Stream<TaskInfo> all = call.caller().tasks(TaskQuery.all())) {
            assertThat(all.map(TaskInfo::taskId)).containsExactly(running, done);
        }
        assertThat(counts(call.caller()))
                .isEqualTo(counts(call.observer()))
                .isEqualTo(List.of(0L, 1L, 1L)); // pending, running, completed
        call.open("running");
        assertThat(result(call.caller(), done)).isEqualTo(result);
    }

    private static List<Long> counts(DurableExecutorService executor) {
        DurableExecutorStats stats = executor.getStats();
        return List.of(stats.pending(), stats.running(), stats.completed());
    }

    private static void pausesAndResumes(Call call) throws Exception {
        call.caller().pause();
        assertThat(call.observer().isPaused()).isTrue();
        assertThat(call.caller().isPaused()).isTrue();
        long waiting = call.observer().submit(call.job("waiting")).getTaskId();
        var elsewhere = cluster()
                .node(OBSERVER)
                .getDurableExecutorService(EXECUTOR)
                .submit(call.job("of another executor")); // so the partition has had its turn
        assertThat(elsewhere.get(30, SECONDS)).contains("of another executor");
        assertThat(call.seenState(waiting)).isEqualTo(TaskState.PENDING);

        call.caller().resume();
        assertThat(call.observer().isPaused()).isFalse();
        assertThat(result(call.observer(), waiting))
                .isEqualTo(Runs.of(call.token("waiting")).get(0));
    }

    private static void invokes(Call call) throws Exception {
        List<Future<String>> all = call.caller()
                .invokeAll(List.of(call.job("all"), KeyedJob.failingFirst(call.key(), call.token("all-failing"))));
        assertThat(all).hasSize(2).allMatch(Future::isDone);
        assertThat(all.get(0).get()).isEqualTo(Runs.of(call.token("all")).get(0));
        List<Future<String>> late = call.caller().invokeAll(List.of(call.gated("late")), 200, MILLISECONDS);
        assertThat(late).singleElement().matches(Future::isCancelled);

        String any = call.caller()
                .invokeAny(List.of(
                        KeyedJob.failingFirst(call.key(), call.token("any-failing")),
                        call.gated("any-late"),
                        call.job("any")));
        assertThat(Runs.of(call.token("any"))).containsExactly(any);
        String inTime = call.caller().invokeAny(List.of(call.job("any-in-time")), 30, SECONDS);
        assertThat(Runs.of(call.token("any-in-time"))).containsExactly(inTime);

        await().untilAsserted(() -> assertThat(call.seenTasks())
                .extracting(TaskInfo::state)
                .containsExactly(
                        TaskState.COMPLETED,
                        TaskState.FAILED,
                        TaskState.CANCELLED,
                        TaskState.FAILED,
                        TaskState.CANCELLED,
                        TaskState.COMPLETED,
                        TaskState.COMPLETED));
    }

    private static void shutsDownAndReopens(Call call) throws Exception {
        call.observer().submit(call.gated("running"));
        call.awaitStart("running");

        call.caller().shutdown();
        assertThat(call.observer().isShutdown()).isTrue();
        assertThat(call.caller().isShutdown()).isTrue();
        assertThatThrownBy(() -> call.observer().submit(call.job("late")))
                .isInstanceOf(RejectedExecutionException.class);
        assertThat(call.caller().isTerminated()).isFalse();
        assertThat(call.caller().awaitTermination(20, MILLISECONDS)).isFalse();
        call.open("running");
        assertThat(call.caller().awaitTermination(30, SECONDS)).isTrue();
        assertThat(call.caller().isTerminated()).isTrue();
        assertThat(call.observer().isTerminated()).isTrue();

        call.caller().reopen();
        assertThat(call.observer().isShutdown()).isFalse();
        assertThat(call.observer().submit(call.job("again")).get(30, SECONDS)).startsWith(call.token("again"));
        assertThat(Runs.of(call.token("late"))).isEmpty();
    }

    private static void shutsDownAtOnce(Call call) {
        DurableExecutorServiceFuture<String> running = call.observer().submit(call.gated("running"));
        call.awaitStart("running");
        call.observer().pause(); // so the next ones never start
        long run = call.observer().submit(call.run("run")).getTaskId();
        long job = call.observer().submit(call.job("job")).getTaskId();

        List<Runnable> neverStarted = call.caller().shutdownNow();

        assertThat(neverStarted).hasSize(2).element(0).isEqualTo(call.run("run"));
        neverStarted.get(1).run();
        assertThat(Runs.of(call.token("job")))
                .as("rebuilt, and run by this test")
                .hasSize(1);
        assertThat(call.observer().isShutdown()).isTrue();
        assertThat(call.seenState(run)).isEqualTo(TaskState.CANCELLED);
        assertThat(call.seenState(job)).isEqualTo(TaskState.CANCELLED);
        call.awaitInterrupt("running");
        assertThatThrownBy(() -> running.get(30, SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    private static void destroys(Call call) throws Exception {
        long done = call.observer().submit(call.job("done")).getTaskId();
        assertThat(result(call.observer(), done)).startsWith(call.token("done"));
        long running = call.observer().submit(call.gated("running")).getTaskId();
        call.awaitStart("running");

        call.caller().destroy();

        assertThat(call.seenTasks()).isEmpty();
        call.awaitInterrupt("running");
        for (long id : List.of(done, running)) {
            assertThatThrownBy(() -> call.observer().retrieveResult(id).get(30, SECONDS))
                    .hasCauseInstanceOf(StaleTaskIdException.class);
        }
        assertThat(call.observer().submit(call.job("after")).get(30, SECONDS)).startsWith(call.token("after"));
    }

    private static void closes(Call call) throws Exception {
        call.caller().close();
        assertThat(call.observer().isShutdown()).isFalse();
        assertThat(call.caller().submit(call.job("open")).get(30, SECONDS)).startsWith(call.token("open"));
    }
}
