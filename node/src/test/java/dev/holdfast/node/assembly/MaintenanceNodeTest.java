package dev.holdfast.node.assembly;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.TaskState;
import dev.holdfast.config.Config;
import dev.holdfast.config.ResultRetentionConfig;
import dev.holdfast.node.admin.ExecutorOperation;
import dev.holdfast.node.admin.OfflineView;
import dev.holdfast.node.admin.SeenTask;
import dev.holdfast.node.admin.SubmitRequest;
import dev.holdfast.node.ledger.Command;
import dev.holdfast.node.ledger.Reply;
import dev.holdfast.node.partition.PartitionAccess;
import dev.holdfast.node.service.TaskAction;
import dev.holdfast.node.service.TaskOutcome;
import dev.holdfast.storage.directory.DirectoryInUseException;
import dev.holdfast.storage.log.TaskId;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a visit to a stopped node's directory does, and what it does not. */
@Timeout(120)
class MaintenanceNodeTest {

    private static final int PARTITIONS = 2;

    @TempDir
    Path home;

    record Text(String text) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return text;
        }
    }

    private static Config config(Path directory) {
        Config config = new Config().setPartitionCount(PARTITIONS).setShutdownGrace(Duration.ofMillis(50));
        config.getStorageConfig().setDirectory(directory);
        return config;
    }

    private static EmbeddedNode start(Config config) {
        return EmbeddedNode.start(config, DirectoryStore.open(config));
    }

    private static MaintenanceNode visit(Path directory) {
        return MaintenanceNode.open(
                directory,
                PARTITIONS,
                "a test",
                MaintenanceNode.unknownSettings(),
                ClassLoader.getPlatformClassLoader());
    }

    private static List<TaskOutcome.Kind> act(MaintenanceNode visit, TaskAction action, long... ids) {
        List<TaskOutcome> outcomes = new ArrayList<>();
        visit.act(action, Arrays.stream(ids).mapToObj(TaskId::new).toList(), outcomes::add);
        return outcomes.stream().map(TaskOutcome::kind).toList();
    }

    private static SeenTask seen(Path directory, long taskId) {
        try (OfflineView view = OfflineView.open(directory, "a test")) {
            return view.find(new TaskId(taskId)).orElseThrow();
        }
    }

    /** The files of a node that lives, as a kill at this moment leaves them. */
    private Path killed(Path live, String name) throws IOException {
        Path copy = home.resolve(name);
        try (var files = Files.walk(live)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(live.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (Files.isRegularFile(file)) {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        return copy;
    }

    @Test
    void aTaskThatRanWhenTheProcessDiedKeepsItsCountUntilTheNextStartAndIsThenCountedOnce() throws Exception {
        long poison;
        long suspect;
        long other;
        Path directory;
        try (EmbeddedNode node = start(config(home.resolve("live")))) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            poison = jobs.submit(
                            Probe.gated("visit", "poison"), TaskOptions.create().maxCrashes(1))
                    .getTaskId();
            Probe.of("visit").awaitStarts(1);
            long first = jobs.submit(Probe.gated("visit", "suspect")).getTaskId();
            Probe.of("visit").awaitStarts(1);
            jobs.pause();
            other = jobs.submit(new Text("other")).getTaskId();
            directory = killed(home.resolve("live"), "killed");
            suspect = first;
        } finally {
            Probe.of("visit").letGo(2);
        }

        for (int times = 0; times < 2; times++) {
            try (MaintenanceNode visit = visit(directory)) {
                assertThat(visit.operate("jobs", ExecutorOperation.PAUSE)).isPresent();
                assertThat(act(visit, TaskAction.CANCEL, other))
                        .containsExactly(times == 0 ? TaskOutcome.Kind.DONE : TaskOutcome.Kind.UNCHANGED);
            }
            assertThat(seen(directory, poison)).satisfies(task -> {
                assertThat(task.state()).isEqualTo(TaskState.PENDING);
                assertThat(task.crashes()).isZero();
                assertThat(task.attempt()).isEqualTo(1);
            });
        }
        Path killedWhileVisited;
        try (MaintenanceNode visit = visit(directory)) {
            visit.operate("jobs", ExecutorOperation.RESUME);
            killedWhileVisited = killed(directory, "killed-again");
        }
        for (Path each : List.of(directory, killedWhileVisited)) {
            try (EmbeddedNode next = start(config(each).setAutoStart(false))) {
                assertThat(next.report().crashed()).isTrue();
                assertThat(next.report().quarantined()).isEqualTo(1);
                DurableExecutorService jobs = next.getDurableExecutorService("jobs");
                assertThat(jobs.getTask(poison).map(TaskInfo::state)).contains(TaskState.QUARANTINED);
                assertThat(jobs.getTask(suspect).map(TaskInfo::state)).contains(TaskState.PENDING);
                assertThat(jobs.getTask(other).map(TaskInfo::state)).contains(TaskState.CANCELLED);
                assertThat(jobs.isPaused()).isFalse();
                assertThat(jobs.getStats().recovered())
                        .as("taken up once, by the start")
                        .isEqualTo(1);
            }
            assertThat(seen(each, poison).crashes()).isEqualTo(1);
        }
    }

    @Test
    void nothingIsEvictedThoughTheSettingsOfTheApplicationAreNotKnown() throws Exception {
        int many = 10_100; // more than the default of max-results, in one partition
        Path directory = home.resolve("many");
        Config config = config(directory).setPartitionCount(1);
        config.getDurableExecutorConfig("jobs")
                .setCapacity(20_000)
                .setResultRetention(new ResultRetentionConfig().setMaxResults(20_000));
        long waiting;
        long shortLived;
        try (EmbeddedNode node = start(config)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            for (int i = 0; i < many; i++) {
                var unused = jobs.submit(new Text("x"));
            }
            await().atMost(60, SECONDS).until(() -> jobs.getStats().completed() == many);
            jobs.pause();
            waiting = jobs.submit(new Text("waits")).getTaskId();
            DurableExecutorService brief = node.getDurableExecutorService("brief");
            shortLived = brief.submit(new Text("brief"), TaskOptions.create().resultTtl(Duration.ofMillis(1)))
                    .getTaskId();
            brief.retrieveResult(shortLived).get();
        }
        try (MaintenanceNode visit = MaintenanceNode.open(
                directory, 1, "a test", MaintenanceNode.unknownSettings(), ClassLoader.getPlatformClassLoader())) {
            assertThat(act(visit, TaskAction.CANCEL, waiting)).containsExactly(TaskOutcome.Kind.DONE);
        }
        try (OfflineView view = OfflineView.open(directory, "a test")) {
            assertThat(view.tasks(TaskQuery.all(), "jobs")).hasSize(many + 1);
            assertThat(view.executors())
                    .allMatch(executor -> executor.counters().evicted() == 0);
            assertThat(view.find(new TaskId(shortLived)))
                    .as("its time was over long ago")
                    .isPresent();
        }
        try (EmbeddedNode next = start(config)) {
            assertThat(next.report().crashed())
                    .as("it was closed in order, by the node and the visit")
                    .isFalse();
            DurableExecutorService brief = next.getDurableExecutorService("brief");
            await().until(() -> brief.getTask(shortLived).isEmpty());
        }
    }

    @Test
    void nothingRunsAndNothingIsParkedThoughNoClassOfATaskIsHere() throws Exception {
        Path directory = home.resolve("waiting");
        List<Long> ids = new ArrayList<>();
        try (EmbeddedNode node = start(config(directory).setAutoStart(false))) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            for (int i = 0; i < 4; i++) {
                ids.add(jobs.submit(Probe.gated("never in a visit", "task-" + i))
                        .getTaskId());
            }
        }
        try (MaintenanceNode visit = visit(directory)) {
            assertThat(visit.report().unfinished()).isEqualTo(4);
            assertThat(act(visit, TaskAction.CANCEL, ids.get(0))).containsExactly(TaskOutcome.Kind.DONE);
            assertThat(act(visit, TaskAction.RETRY, ids.get(1))).containsExactly(TaskOutcome.Kind.UNCHANGED);
            assertThat(act(visit, TaskAction.DISPOSE, ids.get(2))).containsExactly(TaskOutcome.Kind.DONE);
            assertThatThrownBy(() -> start(config(directory)))
                    .as("nodes are kept out")
                    .hasRootCauseInstanceOf(DirectoryInUseException.class)
                    .hasMessageContaining("a test");
        }
        for (long id : ids.subList(1, 4)) {
            assertThat(seen(directory, id).state()).isEqualTo(TaskState.PENDING);
        }
        assertThat(Probe.of("never in a visit").started).isEmpty();
    }

    @Test
    void whatIsSubmittedWaitsForTheNextStart() throws Exception {
        Path directory = home.resolve("empty");
        start(config(directory)).close();
        TaskId id;
        try (MaintenanceNode visit = MaintenanceNode.open(
                directory, PARTITIONS, "a test", MaintenanceNode.unknownSettings(), Text.class.getClassLoader())) {
            id = visit.submit(new SubmitRequest(
                    "jobs", Text.class.getName(), Map.of("text", "from outside"), null, null, null, 0, 0));
        }
        try (EmbeddedNode next = start(config(directory))) {
            assertThat(next.getDurableExecutorService("jobs")
                            .<String>retrieveResult(id.value())
                            .get(20, SECONDS))
                    .isEqualTo("from outside");
        }
    }

    @Test
    void aVisitThatChangesNothingWritesNothingIntoTheLogs() throws Exception {
        Path directory = home.resolve("looked-at");
        try (EmbeddedNode node = start(config(directory))) {
            node.getDurableExecutorService("jobs").submit(new Text("x")).get();
        }
        List<Path> before = segments(directory);
        visit(directory).close();
        assertThat(segments(directory)).isEqualTo(before).isNotEmpty();
    }

    private static List<Path> segments(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aNodeThatHasTheDirectoryKeepsVisitorsOut() {
        Path directory = home.resolve("busy");
        try (EmbeddedNode node = start(config(directory))) {
            assertThat(node.getName()).isNotEmpty();
            assertThatThrownBy(() -> visit(directory))
                    .isInstanceOf(HoldfastException.class)
                    .hasCauseInstanceOf(DirectoryInUseException.class);
        }
    }

    @Test
    void anIdempotencyKeyIsInForceAsLongAsTheSettingsSay() throws Exception {
        Path directory = home.resolve("keys");
        Config few = config(directory).setPartitionCount(1);
        few.getStorageConfig().setIdempotencyKeys(1);
        long first;
        try (EmbeddedNode node = start(few)) {
            DurableExecutorService jobs = node.getDurableExecutorService("jobs");
            first = jobs.submit(new Text("x"), TaskOptions.create().idempotencyKey("a"))
                    .getTaskId();
            jobs.submit(new Text("x"), TaskOptions.create().idempotencyKey("b")).get();
        }
        SubmitRequest again =
                new SubmitRequest("jobs", Text.class.getName(), Map.of("text", "x"), null, null, "a", 0, 0);
        try (MaintenanceNode visit = MaintenanceNode.open(
                directory, 1, "a test", MaintenanceNode.unknownSettings(), Text.class.getClassLoader())) {
            assertThat(visit.submit(again).value()).isEqualTo(first);
        }
        try (MaintenanceNode visit =
                MaintenanceNode.open(directory, 1, "a test", few.copy(), Text.class.getClassLoader())) {
            assertThat(visit.submit(again).value()).isNotEqualTo(first);
        }
    }

    @Test
    void anOperationThatWasCutShortIsFinishedBeforeAnother() throws Exception {
        Path directory = home.resolve("half-shut-down");
        try (EmbeddedNode node = start(config(directory))) {
            node.getDurableExecutorService("jobs").submit(new Text("x")).get();
            CompletableFuture<Reply> answer = new CompletableFuture<>();
            long number = (1L << 3) | Command.Operation.SHUTDOWN.ordinal();
            node.inside()
                    .partitions()
                    .get(0)
                    .post(new Command.Operate("jobs", Command.Operation.SHUTDOWN, number), answer::complete);
            answer.get(20, SECONDS);
        }
        try (MaintenanceNode visit = visit(directory)) {
            visit.operate("jobs", ExecutorOperation.PAUSE);
        }
        try (EmbeddedNode next = start(config(directory))) {
            DurableExecutorService jobs = next.getDurableExecutorService("jobs");
            assertThat(jobs.isShutdown()).isTrue();
            assertThat(jobs.isPaused()).isTrue();
            assertThatThrownBy(() -> jobs.submit(new Text("x"))).isInstanceOf(RejectedExecutionException.class);
            for (PartitionAccess partition : next.inside().partitions()) {
                assertThat(partition.executor("jobs").shutdown())
                        .as("partition=%s", partition.id())
                        .isTrue();
            }
        }
    }
}
