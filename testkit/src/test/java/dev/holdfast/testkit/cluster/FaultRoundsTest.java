package dev.holdfast.testkit.cluster;

import static dev.holdfast.testkit.cluster.Clustered.EXECUTOR;
import static dev.holdfast.testkit.cluster.Clustered.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Figures;
import dev.holdfast.testkit.HoldfastCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three members in processes of their own under load, and one fault a round: a member is killed, stands still for longer than its
 * lease, is cut off, in both directions or in one, or all are killed. After each round everything that was acknowledged is there, once, with
 * the result that was seen, and what was not is there once or never, whether it had a key or not; no answer was of before what had been
 * said already. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
class FaultRoundsTest {

    private static final Logger LOG = LoggerFactory.getLogger(FaultRoundsTest.class);

    @RegisterExtension
    static final Figures FIGURES = new Figures("cluster");

    private static final int MEMBERS = 3;
    private static final int PARTITIONS = 6;

    /** Submissions that go through while the fault lasts. */
    private static final int MEANWHILE = 100;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) // what the members said is needed else
    Path directory;

    private enum Fault {
        KILL,
        PAUSE,
        ISOLATE,
        ONE_WAY,
        KILL_ALL
    }

    @Test
    void nothingAcknowledgedIsLostAndNoAnswerIsStale() throws Exception {
        run(List.of(Fault.KILL, Fault.PAUSE, Fault.ISOLATE, Fault.ONE_WAY), 4);
    }

    @Test
    @Tag("faults")
    @Tag("suite-cluster")
    void nothingAcknowledgedIsLostAndNoAnswerIsStaleInManyRounds() throws Exception {
        run(List.of(), Integer.getInteger("holdfast.rounds", 300));
    }

    private void run(List<Fault> given, int rounds) throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        SplittableRandom random = new SplittableRandom(seed);
        Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
        Census census = new Census();
        long answers = 0;
        long unanswered = 0;
        long startNanos = System.nanoTime();
        try (HoldfastCluster cluster = HoldfastCluster.of(MEMBERS)
                .directory(directory)
                .partitions(PARTITIONS)
                .inProcesses()
                .start()) {
            for (int round = 0; round < rounds; round++) {
                Fault fault = round < given.size() ? given.get(round) : draw(random);
                faults.merge(fault, 1, Integer::sum);
                String told = "round=" + round + ", fault=" + fault + ", -Dholdfast.seed=" + seed;
                LOG.info("Begins: {}", told);
                FIGURES.trial();
                try (FaultLoad load = new FaultLoad(
                        cluster.client().getDurableExecutorService(EXECUTOR),
                        Clustered.unique("round-" + round),
                        census,
                        random.nextLong())) {
                    await().until(() -> load.stored() >= MEANWHILE);
                    strike(cluster, fault, random, load);
                    cluster.awaitHealthy(Duration.ofSeconds(90));
                    load.end();
                    load.checkAll();
                    assertThat(load.violations()).as(told).isEmpty();
                    answers += load.answers();
                    unanswered += load.unanswered();
                } catch (AssertionError | RuntimeException e) {
                    cluster.keepDirectories();
                    throw new AssertionError("Failed: " + told, e);
                }
            }
            assertThat(census.count(cluster.client().getDurableExecutorService(EXECUTOR), List.of()))
                    .as("disposed of, and there after round %s, -Dholdfast.seed=%s", rounds, seed)
                    .isEmpty();
        }
        LOG.info(
                "FIGURES cluster rounds={}, faults={}, submits={}, answers={}, unanswered={}, seconds={}, seed={}",
                rounds,
                faults,
                census,
                answers,
                unanswered,
                (System.nanoTime() - startNanos) / 1_000_000_000,
                seed);
    }

    private static Fault draw(SplittableRandom random) {
        int number = random.nextInt(20);
        return number == 0 ? Fault.KILL_ALL : Fault.values()[number % 4];
    }

    private static void strike(HoldfastCluster cluster, Fault fault, SplittableRandom random, FaultLoad load) {
        int victim = random.nextInt(MEMBERS);
        int other = (victim + 1 + random.nextInt(MEMBERS - 1)) % MEMBERS;
        switch (fault) {
            case KILL -> {
                cluster.kill(victim);
                awaitReplaced(cluster, victim, load);
                cluster.restart(victim);
            }
            case PAUSE -> {
                cluster.pause(victim);
                awaitReplaced(cluster, victim, load);
                cluster.resume(victim);
            }
            case ISOLATE -> {
                cluster.isolate(victim);
                awaitReplaced(cluster, victim, load);
                cluster.heal();
            }
            case ONE_WAY -> {
                cluster.partitionOneWay(victim, other);
                awaitMore(load);
                cluster.heal();
            }
            case KILL_ALL -> {
                cluster.killAll();
                cluster.restart(IntStream.range(0, MEMBERS).toArray());
            }
        }
        awaitMore(load);
    }

    private static void awaitReplaced(HoldfastCluster cluster, int victim, FaultLoad load) {
        await().until(() -> IntStream.range(0, PARTITIONS)
                .map(cluster::primaryOfPartition)
                .noneMatch(primary -> primary == victim || primary < 0));
        awaitMore(load);
    }

    private static void awaitMore(FaultLoad load) {
        int before = load.stored();
        await().until(() -> load.stored() >= before + MEANWHILE);
    }
}
