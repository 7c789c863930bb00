package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskState;
import dev.holdfast.testkit.ClusterBuilder;
import dev.holdfast.testkit.Figures;
import dev.holdfast.testkit.HoldfastCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A primary stands still past its lease (SIGSTOP), is replaced, and goes on (SIGCONT) with questions that came to it meanwhile, from a
 * client that knows of no other. Whatever it is asked, the answer is what the new primary says.
 */
@Tag("faults")
@Tag("suite-cluster")
class ResumedPrimaryTest {

    private static final Logger LOG = LoggerFactory.getLogger(ResumedPrimaryTest.class);

    @RegisterExtension
    static final Figures FIGURES = new Figures("resumed-primary");

    private static final String KEY = "key-1";

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private int questions;

    /** Of them, those that were waiting for the one that stood still when it went on. */
    private int waiting;

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** @param byDefault with the timing of default settings, else with that of tests */
    @ParameterizedTest(name = "with the timing of default settings: {0}")
    @ValueSource(booleans = {false, true})
    void aPrimaryThatGoesOnAfterItWasReplacedAnswersNothingOfBefore(boolean byDefault) throws Exception {
        int rounds = Integer.getInteger("holdfast.rounds", 10);
        long startNanos = System.nanoTime();
        ClusterBuilder builder = HoldfastCluster.of(3).directory(directory).inProcesses();
        try (HoldfastCluster cluster = byDefault ? builder.productionTiming().start() : builder.start()) {
            for (int round = 0; round < rounds; round++) {
                FIGURES.trial();
                round(cluster, round);
                cluster.awaitHealthy(Duration.ofSeconds(60));
            }
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos);
        LOG.info(
                "FIGURES resumed primary default-timing={}, rounds={}, questions={}, asked of the resumed={}, seconds={}",
                byDefault,
                rounds,
                questions,
                waiting,
                seconds);
        assertThat(waiting).as("questions that the resumed one found").isPositive();
    }

    private <T> Future<T> ask(Callable<T> question) {
        questions++;
        return threads.submit(question);
    }

    private void round(HoldfastCluster cluster, int round) throws Exception {
        String name = "round-" + round;
        Path gate = directory.resolve(name + ".gate");
        DurableExecutorService now = cluster.client().getDurableExecutorService(EXECUTOR);
        long finished = submit(now, name + "-finished");
        long taken = submit(now, name + "-taken");
        String value = result(now, finished);
        String takenValue = result(now, taken);
        long running = now.submitToKeyOwner(new FileGatedJob(name, gate.toString()), KEY)
                .getTaskId();
        int paused = cluster.primaryOf(finished);
        try (HoldfastInstance asksThePaused = cluster.newClientOf(paused)) {
            DurableExecutorService late = asksThePaused.getDurableExecutorService(EXECUTOR);
            assertThat(result(late, finished)).isEqualTo(value);
            await().until(() -> state(now, running) == TaskState.RUNNING);

            cluster.pause(paused);
            await().until(() -> cluster.primaryOf(finished) != paused);
            now.disposeResult(finished);
            assertThat(now.retrieveAndDisposeResult(taken).get(30, TimeUnit.SECONDS))
                    .isEqualTo(takenValue);
            Files.createFile(gate);
            String endedValue = result(now, running);
            long keyed = now.submit(new Job(name + "-keyed"), options(name)).getTaskId();

            Future<Object> disposed = ask(() -> late.retrieveResult(finished).get());
            Future<Object> removed =
                    ask(() -> late.retrieveAndDisposeResult(taken).get());
            Future<Optional<TaskInfo>> ofDisposed = ask(() -> late.getTask(finished));
            Future<Object> ended = ask(() -> late.retrieveResult(running).get());
            Future<Optional<TaskInfo>> ofEnded = ask(() -> late.getTask(running));
            Future<Long> again = ask(
                    () -> late.submit(new Job(name + "-keyed"), options(name)).getTaskId());
            Future<Long> more = ask(() -> submit(late, name + "-more"));
            List<Future<?>> all = List.of(disposed, removed, ofDisposed, ended, ofEnded, again, more);
            CompletableFuture<Void> aMoment =
                    new CompletableFuture<Void>().completeOnTimeout(null, 200, TimeUnit.MILLISECONDS);
            aMoment.join(); // or they would come after it goes on
            // Where the machine is so slow that the client has given the silent one up, it has asked another.
            waiting += (int) all.stream().filter(each -> !each.isDone()).count();
            cluster.resume(paused);

            assertThat(staleness(disposed)).isEqualTo(StaleTaskIdException.Reason.DISPOSED);
            assertThat(staleness(removed)).isEqualTo(StaleTaskIdException.Reason.DISPOSED);
            assertThat(answer(ofDisposed)).isEmpty();
            assertThat(answer(ended)).isEqualTo(endedValue);
            assertThat(answer(ofEnded)).map(TaskInfo::state).contains(TaskState.COMPLETED);
            assertThat(answer(again)).isEqualTo(keyed);
            assertThat(result(now, answer(more))).startsWith(name + "-more=");
            assertThat(result(now, running)).isEqualTo(endedValue);
        }
    }

    private static TaskOptions options(String name) {
        return TaskOptions.create().key(KEY).idempotencyKey(name);
    }

    private static long submit(DurableExecutorService executor, String token) {
        return executor.submitToKeyOwner(new Job(token), KEY).getTaskId();
    }

    private static TaskState state(DurableExecutorService executor, long id) {
        return executor.getTask(id).orElseThrow().state();
    }

    private static <T> T answer(Future<T> question) throws Exception {
        return question.get(40, TimeUnit.SECONDS);
    }

    private static StaleTaskIdException.Reason staleness(Future<?> question) throws Exception {
        try {
            throw new AssertionError("An answer of before: " + answer(question));
        } catch (ExecutionException e) {
            Throwable cause = e;
            while (cause != null && !(cause instanceof StaleTaskIdException)) {
                cause = cause.getCause();
            }
            if (cause == null) {
                throw e;
            }
            return ((StaleTaskIdException) cause).reason();
        }
    }
}
