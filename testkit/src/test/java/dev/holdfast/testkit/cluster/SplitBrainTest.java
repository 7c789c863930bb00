package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.await;
import static dev.holdfast.testkit.cluster.Clustered.keyLedBy;
import static dev.holdfast.testkit.cluster.Clustered.on;
import static dev.holdfast.testkit.cluster.Clustered.result;
import static dev.holdfast.testkit.cluster.Clustered.results;
import static dev.holdfast.testkit.cluster.Clustered.submit;
import static dev.holdfast.testkit.cluster.Clustered.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Cluster;
import dev.holdfast.DurableExecutorService;
import dev.holdfast.DurableExecutorServiceFuture;
import dev.holdfast.HoldfastException;
import dev.holdfast.SplitBrainProtectionException;
import dev.holdfast.config.Config;
import dev.holdfast.config.SplitBrainProtectionConfig;
import dev.holdfast.config.SplitBrainProtectionOn;
import dev.holdfast.testkit.HoldfastCluster;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Members that do not hear each other. */
class SplitBrainTest {

    private static final int PARTITIONS = 24;

    private static void protect(Config config) {
        config.setSubmitTimeout(Duration.ofSeconds(2));
        config.addSplitBrainProtectionConfig(new SplitBrainProtectionConfig("two")
                .setMinimumClusterSize(2)
                .setProtectOn(SplitBrainProtectionOn.READ_WRITE));
        config.getDurableExecutorConfig("protected").setSplitBrainProtectionName("two");
    }

    @Test
    void theMinorityStoresNothingAndTheMajorityGoesOn() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).config(SplitBrainTest::protect).start()) {
            String key = keyLedBy(cluster, 0);
            DurableExecutorServiceFuture<String> both = on(cluster, 1).submitToKeyOwner(new Job(run, run), key);
            await().untilAsserted(() -> assertThat(Runs.of(run)).hasSize(1));

            cluster.isolate(0);
            cluster.awaitHealthy(Duration.ofSeconds(30), 1, 2);
            assertThat(IntStream.range(
                                    0, cluster.node(1).getCluster().partitions().size())
                            .map(cluster::primaryOfPartition))
                    .as("told by those who know it")
                    .allMatch(primary -> primary > 0);

            DurableExecutorService guarded = cluster.node(0).getDurableExecutorService("protected");
            await().untilAsserted(() -> assertThatThrownBy(() -> guarded.submit(new Job(run + "-guarded")))
                    .isInstanceOf(SplitBrainProtectionException.class));
            assertThatThrownBy(() -> guarded.retrieveResult(both.getTaskId()).get(2, TimeUnit.SECONDS))
                    .hasStackTraceContaining("SplitBrainProtectionException");
            assertThatThrownBy(() -> on(cluster, 0).submitToKeyOwner(new Job(run + "-minority"), key))
                    .isInstanceOfAny(HoldfastException.class, RejectedExecutionException.class);

            await().untilAsserted(() -> assertThat(Runs.of(run)).hasSize(2)); // taken over: the other may run still
            Map<String, Long> stored = submit(on(cluster, 1), run + "-majority", 20, "");
            Map<String, String> before = results(on(cluster, 2), stored);
            Runs.gate(run).countDown();
            assertThat(result(on(cluster, 2), both.getTaskId()))
                    .isEqualTo(Runs.of(run).get(1));

            cluster.heal();
            cluster.awaitHealthy();
            assertThat(result(on(cluster, 0), both.getTaskId()))
                    .isEqualTo(Runs.of(run).get(1));
            assertThat(results(on(cluster, 0), stored)).isEqualTo(before);
            assertThat(Runs.of(run + "-guarded")).isEmpty();
        }
    }

    /** It does not ask for votes, by which others learn that they are alone. */
    @Test
    void aMemberWithoutAVoteThatIsCutOffCountsItselfAlone() {
        try (HoldfastCluster cluster =
                HoldfastCluster.of(3).config(SplitBrainTest::protect).start()) {
            int joined = cluster.join();
            await().until(() -> cluster.node(joined).getCluster().members().size() == 4);
            cluster.isolate(joined);
            await().until(() -> cluster.node(joined).getCluster().members().size() == 1);
            DurableExecutorService guarded = cluster.node(joined).getDurableExecutorService("protected");
            assertThatThrownBy(() -> guarded.submit(new Job("guarded")))
                    .isInstanceOf(SplitBrainProtectionException.class);
            cluster.heal();
            await().until(() -> cluster.node(joined).getCluster().members().size() == 4);
        }
    }

    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void aWayThatIsCutInOneDirectionStopsNobodyForLong() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3).durability(2).start()) {
            Map<String, Long> stored = submit(on(cluster, 0), run + "-before", 10, "");
            cluster.partitionOneWay(0, 1);
            stored.putAll(submit(on(cluster, 2), run + "-cut", 10, ""));
            Map<String, Long> roundIt = submit(on(cluster, 0), run + "-sends", 10, "");
            roundIt.putAll(submit(on(cluster, 1), run + "-hears-nothing", 10, ""));
            assertThat(results(on(cluster, 0), roundIt)).isEqualTo(results(on(cluster, 1), roundIt));
            stored.putAll(roundIt);
            Map<String, String> before = results(on(cluster, 2), stored);

            cluster.heal();
            cluster.awaitHealthy();
            assertThat(results(on(cluster, 0), stored)).isEqualTo(before);
            assertThat(results(on(cluster, 1), stored)).isEqualTo(before);
        }
    }

    /** Of three ways two lead to the leader of the control plane. Who leads a partition is not seen by it then, and goes on if its backup sees it. */
    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void aClientReachesAPrimaryThatTheControlPlaneDoesNotSee() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                .durability(1)
                .partitions(PARTITIONS)
                .config(config -> config.getReplicationConfig().setReplaceAfter(Duration.ofMinutes(10)))
                .start()) {
            DurableExecutorService client = cluster.client().getDurableExecutorService(Clustered.EXECUTOR);
            Map<Integer, String> keys = new TreeMap<>();
            for (int i = 0; keys.size() < PARTITIONS; i++) {
                String key = "key-" + i;
                Cluster.Partition partition = cluster.node(0).getCluster().partitionOf(Clustered.EXECUTOR, key);
                keys.putIfAbsent(partition.id(), key);
            }
            int unseen = 0;
            for (int a = 0; a < 2; a++) {
                cluster.partition(a, a + 1);
                if (isSomebodyUnseen(cluster, a == 0 ? 2 : 0)) {
                    unseen++;
                    for (String key : keys.values()) {
                        String token = run + "-" + a + "-" + key;
                        long id = client.submitToKeyOwner(new Job(token), key).getTaskId();
                        assertThat(result(client, id)).isEqualTo(Runs.of(token).get(0));
                    }
                }
                cluster.heal();
                cluster.awaitHealthy();
            }
            assertThat(unseen).isPositive();
        }
    }

    private static boolean isSomebodyUnseen(HoldfastCluster cluster, int asked) {
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> cluster.node(asked).getCluster().members().size() < cluster.size());
            return true;
        } catch (ConditionTimeoutException e) {
            return false; // the way between two that do not lead the control plane
        }
    }

    @Test
    void twoMembersAndAWitnessGoOnWithOne() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3).witness().start()) {
            Map<String, Long> stored = submit(on(cluster, 0), run + "-two", 20, "");
            Map<String, String> before = results(on(cluster, 1), stored);

            cluster.kill(0);

            assertThat(results(on(cluster, 1), stored)).isEqualTo(before);
            Map<String, Long> more = submit(on(cluster, 1), run + "-one", 20, "");
            assertThat(results(on(cluster, 2), more)).hasSize(20); // the witness has no copies, and asks
            cluster.restart(0);
            cluster.awaitHealthy();
            assertThat(results(on(cluster, 0), more)).hasSize(20);
        }
    }

    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void withTooFewCopiesInSyncSubmitsAreRefusedUntilThereAreEnough() throws Exception {
        String run = unique("run");
        try (HoldfastCluster cluster = HoldfastCluster.of(3)
                .witness()
                .config(config -> {
                    config.setSubmitTimeout(Duration.ofSeconds(2));
                    config.getReplicationConfig().setMinInSync(2);
                })
                .start()) {
            String key = keyLedBy(cluster, 0);
            DurableExecutorServiceFuture<String> before = on(cluster, 0).submitToKeyOwner(new Job(run + "-two"), key);
            String value = before.get(30, TimeUnit.SECONDS);

            cluster.kill(1);
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> on(cluster, 0).submitToKeyOwner(new Job(run + "-one"), key))
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("min-in-sync"));
            assertThat(result(on(cluster, 0), before.getTaskId())).isEqualTo(value);

            cluster.restart(1);
            cluster.awaitHealthy();
            Map<String, Long> more = submit(on(cluster, 0), run + "-more", 10, "");
            assertThat(results(on(cluster, 1), more)).hasSize(10);
        }
    }
}
