package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.DurableExecutorService;
import dev.holdfast.HoldfastException;
import dev.holdfast.HoldfastInstance;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.StaleTaskIdException;
import dev.holdfast.TaskInfo;
import dev.holdfast.TaskOptions;
import dev.holdfast.TaskQuery;
import dev.holdfast.config.Config;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.storage.log.TaskId;
import dev.holdfast.testkit.HoldfastCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Split-brain protection of writes, of reads and of both, on either side of a network that is cut, and through clients. */
@SuppressWarnings("FutureReturnValueIgnored") // it is asked for whether they throw
class ProtectionTest {

    private static final int ALONE = 0;
    private static final int OTHER = 1;
    private static final long NEVER_ISSUED = new TaskId(1).value();

    private static void protect(Config config) {
        config.setSubmitTimeout(Duration.ofSeconds(2));
        for (SplitBrainProtectionOn on : SplitBrainProtectionOn.values()) {
            config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig(on.name())
                    .setMinimumClusterSize(3)
                    .setProtectOn(on));
            config.getDurableExecutorConfig(on.name()).setSplitBrainProtectionName(on.name());
        }
    }

    private static DurableExecutorService guarded(HoldfastInstance instance, SplitBrainProtectionOn on) {
        return instance.getDurableExecutorService(on.name());
    }

    private static void refuses(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(SplitBrainProtectionException.class);
    }

    /** @param key of a partition that has a leader there */
    private static void refusesWrites(DurableExecutorService executor, String key, long stored, String token) {
        refuses(() -> executor.submit(KeyedJob.of(key, token)));
        refuses(() -> executor.submit(KeyedJob.of(key, token), TaskOptions.create()));
        refuses(() -> executor.submitToKeyOwner(KeyedJob.of(key, token), key));
        refuses(() -> executor.execute(new KeyedRun(key, token)));
        refuses(() -> executor.executeOnKeyOwner(new KeyedRun(key, token), key));
        assertThatThrownBy(() -> executor.submitAsync(KeyedJob.of(key, token), TaskOptions.create())
                        .toCompletableFuture()
                        .get(30, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SplitBrainProtectionException.class);
        refuses(() -> executor.invokeAny(List.of(KeyedJob.of(key, token))));
        refuses(() -> executor.cancel(stored));
        refuses(() -> executor.retry(stored));
        refuses(() -> executor.discard(stored));
        refuses(() -> executor.disposeResult(stored));
        assertThat(Runs.of(token)).isEmpty();
    }

    /** What changes the executor in all partitions at once. */
    private static void refusesWholeWrites(DurableExecutorService executor) {
        refuses(executor::shutdown);
        refuses(executor::shutdownNow);
        refuses(executor::reopen);
        refuses(executor::pause);
        refuses(executor::resume);
        refuses(executor::destroy);
    }

    private static void refusesReads(DurableExecutorService executor, long stored) {
        refusesResult(() -> executor.retrieveResult(stored).get(30, SECONDS));
        refuses(() -> executor.getTask(stored));
        refusesList(executor);
    }

    private static void refusesList(DurableExecutorService executor) {
        refuses(() -> {
            try (Stream<TaskInfo> tasks = executor.tasks(TaskQuery.all())) {
                assertThat(tasks).isEmpty();
            }
        });
    }

    /** A client learns it from the member that is asked, so through the future. */
    private static void refusesResult(ThrowingCallable call) {
        assertThatThrownBy(call)
                .satisfiesAnyOf(
                        failure -> assertThat(failure).isInstanceOf(SplitBrainProtectionException.class),
                        failure -> assertThat(failure).hasCauseInstanceOf(SplitBrainProtectionException.class));
    }

    private static void writes(DurableExecutorService executor, String key, String token) {
        assertThat(executor.submitToKeyOwner(KeyedJob.of(key, token), key).getTaskId())
                .isPositive();
        executor.execute(new KeyedRun(key, token + "-executed"));
        await().untilAsserted(() -> assertThat(Runs.of(token)).hasSize(1));
        await().untilAsserted(() -> assertThat(Runs.of(token + "-executed")).hasSize(1));
    }

    private static void reads(DurableExecutorService executor, long stored, String value) throws Exception {
        assertThat(result(executor, stored)).isEqualTo(value);
        assertThat(executor.getTask(stored)).isPresent();
    }

    /** One that is never protected. */
    private static void tellsItsEndAndItsCounts(DurableExecutorService executor) {
        assertThat(executor.isShutdown()).isFalse();
        assertThat(executor.isTerminated()).isFalse();
        assertThat(executor.isPaused()).isFalse();
        await().untilAsserted(() -> assertThat(executor.getStats().completed()).isPositive());
    }

    /** One member, where three are wanted: protected from the start. */
    @Test
    void inAClusterThatIsTooSmallEachKindRefusesWhatItProtectsAndAllowsTheRest() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(1)
                .durability(0)
                .partitions(2)
                .config(ProtectionTest::protect)
                .start()) {
            for (HoldfastInstance instance : List.of(cluster.node(0), cluster.client())) {
                String token = run + "-" + instance.getName();
                for (SplitBrainProtectionOn on :
                        List.of(SplitBrainProtectionOn.WRITE, SplitBrainProtectionOn.READ_WRITE)) {
                    refusesWrites(guarded(instance, on), "any", NEVER_ISSUED, token + "-" + on);
                    refusesWholeWrites(guarded(instance, on));
                }
                DurableExecutorService both = guarded(instance, SplitBrainProtectionOn.READ_WRITE);
                refusesResult(() -> both.retrieveResult(NEVER_ISSUED).get(30, SECONDS));
                refusesList(both);
                readsNothing(guarded(instance, SplitBrainProtectionOn.WRITE));
                writes(guarded(instance, SplitBrainProtectionOn.READ), "any", token);
                tellsItsEndAndItsCounts(guarded(instance, SplitBrainProtectionOn.READ));
                awaitsItsEnd(guarded(instance, SplitBrainProtectionOn.READ), token + "-running");
            }
            tellsThatItIsShutDown(guarded(cluster.client(), SplitBrainProtectionOn.READ), run + "-left");
        }
    }

    private static void readsNothing(DurableExecutorService executor) {
        assertThat(executor.getTask(NEVER_ISSUED)).isEmpty();
        try (Stream<TaskInfo> tasks = executor.tasks(TaskQuery.all())) {
            assertThat(tasks).isEmpty();
        }
        assertThatThrownBy(() -> executor.retrieveResult(NEVER_ISSUED).get(30, SECONDS))
                .hasCauseInstanceOf(StaleTaskIdException.class);
    }

    private static void awaitsItsEnd(DurableExecutorService executor, String token) throws Exception {
        long task = executor.submit(KeyedJob.gated("any", token)).getTaskId();
        await().untilAsserted(() -> assertThat(Runs.of(token)).hasSize(1));
        executor.shutdown();
        assertThat(executor.isShutdown()).isTrue();
        assertThat(executor.awaitTermination(300, MILLISECONDS)).isFalse();
        refusesReads(executor, task);
        Runs.gate(token).countDown();
        assertThat(executor.awaitTermination(30, SECONDS)).isTrue();
        assertThat(executor.isTerminated()).isTrue();
        executor.reopen();
    }

    /** What it would give back is protected: what was done must not be denied. */
    private static void tellsThatItIsShutDown(DurableExecutorService executor, String token) {
        executor.submit(KeyedJob.gated("any", token));
        assertThatThrownBy(executor::shutdownNow)
                .isInstanceOf(HoldfastException.class)
                .isNotInstanceOf(SplitBrainProtectionException.class)
                .hasMessageContaining("is shut down, but");
        assertThat(executor.isShutdown()).isTrue();
        Runs.gate(token).countDown();
        await().untilAsserted(() -> assertThat(executor.isTerminated()).isTrue());
    }

    private record Stored(SplitBrainProtectionOn on, long id, String value) {}

    /** A finished task under each kind. */
    private static List<Stored> stored(HoldfastInstance submitter, HoldfastInstance reader, String key, String run)
            throws Exception {
        List<Stored> all = new ArrayList<>();
        for (SplitBrainProtectionOn on : SplitBrainProtectionOn.values()) {
            long id = guarded(submitter, on)
                    .submit(KeyedJob.of(key, run + "-" + on))
                    .getTaskId();
            all.add(new Stored(on, id, result(guarded(reader, on), id)));
        }
        assertThat(all).hasSize(3);
        return all;
    }

    /** Only the side of two: the one that is cut off needs its time to notice that it is alone. */
    @Test
    void theLargerSideOfACutNetworkRefusesWhatEachKindProtectsAndAllowsTheRest() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                        .durability(2)
                        .partitions(4)
                        .config(ProtectionTest::protect)
                        .start();
                HoldfastInstance ofOther = cluster.newClientOf(OTHER)) {
            String key = keyLedBy(cluster, OTHER);
            List<Stored> all = stored(cluster.node(ALONE), ofOther, key, run);
            cluster.isolate(ALONE);
            cluster.awaitHealthy(Duration.ofSeconds(30), OTHER, 2);
            for (Stored stored : all) {
                majority(List.of(cluster.node(OTHER), ofOther), key, stored, run);
            }
        }
    }

    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void onBothSidesOfACutNetworkEachKindRefusesWhatItProtectsAndAllowsTheRest() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                        .durability(2)
                        .config(ProtectionTest::protect)
                        .start();
                HoldfastInstance ofAlone = cluster.newClientOf(ALONE);
                HoldfastInstance ofOther = cluster.newClientOf(OTHER)) {
            String keyOfAlone = keyLedBy(cluster, ALONE);
            String key = keyLedBy(cluster, OTHER);
            List<Stored> all = stored(ofAlone, ofOther, key, run);

            cluster.isolate(ALONE);
            cluster.awaitHealthy(Duration.ofSeconds(30), OTHER, 2);
            DurableExecutorService both = guarded(cluster.node(ALONE), SplitBrainProtectionOn.READ_WRITE);
            await().untilAsserted(() -> refuses(() -> both.execute(new KeyedRun(keyOfAlone, run + "-late"))));

            for (Stored stored : all) {
                minority(cluster, List.of(cluster.node(ALONE), ofAlone), keyOfAlone, stored, run);
                majority(List.of(cluster.node(OTHER), ofOther), key, stored, run);
            }

            cluster.heal();
            cluster.awaitHealthy();
            for (Stored stored : all) {
                reads(guarded(cluster.node(ALONE), stored.on()), stored.id(), stored.value());
                writes(guarded(ofAlone, stored.on()), key, run + "-" + stored.on() + "-healed");
            }
            assertThat(Runs.of(run + "-late")).isEmpty();
        }
    }

    /** It sees itself alone. Its clients believe it in what it leads. */
    private static void minority(
            HoldfastCluster cluster, List<HoldfastInstance> instances, String keyOfAlone, Stored stored, String run) {
        SplitBrainProtectionOn on = stored.on();
        String token = run + "-" + on + "-cut";
        for (HoldfastInstance alone : instances) {
            DurableExecutorService executor = guarded(alone, on);
            if (on.protectsWrites()) {
                refusesWrites(executor, keyOfAlone, stored.id(), token);
                refusesResult(
                        () -> executor.retrieveAndDisposeResult(stored.id()).get(30, SECONDS));
            }
            if (on.protectsReads()) {
                refusesReads(executor, stored.id());
            }
        }
        DurableExecutorService member = guarded(cluster.node(ALONE), on);
        if (on.protectsWrites()) {
            refusesWholeWrites(member);
        } else {
            assertThatThrownBy(() -> member.submitToKeyOwner(KeyedJob.of(keyOfAlone, token), keyOfAlone))
                    .as("not stored by the minority, for want of copies")
                    .isNotInstanceOf(SplitBrainProtectionException.class);
        }
        if (!on.protectsReads()) {
            assertThatCode(() -> member.retrieveResult(stored.id())).doesNotThrowAnyException();
        }
    }

    /** It serves everything, and sees two of the three that are wanted. */
    private static void majority(List<HoldfastInstance> instances, String key, Stored stored, String run)
            throws Exception {
        SplitBrainProtectionOn on = stored.on();
        String token = run + "-" + on + "-cut";
        for (HoldfastInstance other : instances) {
            DurableExecutorService executor = guarded(other, on);
            if (on.protectsWrites()) {
                refusesWrites(executor, key, stored.id(), token);
                refusesResult(
                        () -> executor.retrieveAndDisposeResult(stored.id()).get(30, SECONDS));
                refusesWholeWrites(executor);
            } else {
                writes(executor, key, token + "-" + other.getName());
            }
            if (on.protectsReads()) {
                refusesReads(executor, stored.id());
            } else {
                reads(executor, stored.id(), stored.value());
            }
            tellsItsEndAndItsCounts(executor);
        }
    }
}
