package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.IndeterminateOutcomeException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.testkit.HoldfastCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Submits that reach their primary and no backup: nobody can know yet whether they will count. */
class IndeterminateOutcomeTest {

    private static final int SUBMITTERS = 4;

    /** What each submitter could not store, by idempotency key, and what it was told. */
    private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();

    private final Map<String, Long> stored = new ConcurrentHashMap<>();

    private static TaskOptions once(String token, String key) {
        return TaskOptions.create().key(key).idempotencyKey(token);
    }

    /** One after the other, until one fails: so that one is under way whenever the network is cut. */
    private void submitUntilOneFails(DurableExecutorService executor, String prefix, String key) {
        for (int i = 0; failures.keySet().stream().noneMatch(failed -> failed.startsWith(prefix)); i++) {
            String token = prefix + "-" + i;
            try {
                stored.put(
                        token, executor.submit(new Job(token), once(token, key)).getTaskId());
            } catch (RuntimeException e) {
                failures.put(token, e);
            }
        }
    }

    @Test
    void whatNoBackupHasGotMayBeStoredAndTheSameKeyStoresItOnce() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                .durability(2)
                .config(config -> config.setSubmitTimeout(Duration.ofSeconds(2)))
                .start()) {
            String key = keyLedBy(cluster, 0);
            List<CompletableFuture<Void>> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                String prefix = run + "-" + i;
                submitters.add(CompletableFuture.runAsync(() -> submitUntilOneFails(on(cluster, 0), prefix, key)));
            }
            await().until(() -> stored.size() >= SUBMITTERS);

            cluster.isolate(1);
            cluster.isolate(2);
            for (CompletableFuture<Void> submitter : submitters) {
                submitter.get(30, TimeUnit.SECONDS);
            }
            assertThat(failures).hasSize(SUBMITTERS);
            assertThat(failures.values())
                    .as("what was under way")
                    .anySatisfy(failure -> assertThat(failure).isExactlyInstanceOf(IndeterminateOutcomeException.class))
                    .allSatisfy(failure -> assertThat(failure)
                            .isInstanceOfAny(IndeterminateOutcomeException.class, RejectedExecutionException.class));
            assertThat(failures.keySet())
                    .as("runs before it is committed")
                    .allSatisfy(token -> assertThat(Runs.of(token)).isEmpty());

            cluster.heal();
            cluster.awaitHealthy();
            Map<String, Long> all = new TreeMap<>(stored);
            for (String token : failures.keySet()) {
                all.put(token, again(cluster, 1, token, key));
                assertThat(again(cluster, 2, token, key)).isEqualTo(all.get(token));
            }
            for (String token : failures.keySet()) {
                assertThat(Runs.of(token)).containsExactly(result(on(cluster, 2), all.get(token)));
            }
            for (int node = 0; node < cluster.size(); node++) {
                try (Stream<TaskInfo> tasks = on(cluster, node).tasks(TaskQuery.all())) {
                    assertThat(tasks.map(TaskInfo::taskId)).containsExactlyInAnyOrderElementsOf(all.values());
                }
            }
        }
    }

    /** As whoever was told so does it: with the same key, until it is stored. */
    private static long again(HoldfastCluster cluster, int node, String token, String key) {
        return await().ignoreExceptions()
                .until(
                        () -> on(cluster, node)
                                .submit(new Job(token), once(token, key))
                                .getTaskId(),
                        id -> id > 0);
    }
}
