package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.CrashChain.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process ends at each {@link CrashPoint} in each of its phases, the starts included that recover from another crash; then
 * I1-I7, I9, I10 and I14 are checked from what it said before each death. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
class CrashPointsTest {

    private static final Logger LOG = LoggerFactory.getLogger(CrashPointsTest.class);
    private static final int LONG_ROUNDS = 5;

    @TempDir
    Path folder;

    private Path classes;

    @BeforeEach
    void writeClasses() throws Exception {
        classes = Files.createDirectory(folder.resolve("classes"));
        CrashClasses.writeTo(classes);
    }

    @Test
    void nothingThatWasSaidIsTakenBackWhereverTheProcessEnds() throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        List<List<Trial>> halves = List.of(new ArrayList<>(), new ArrayList<>());
        List<Trial> all = Trial.all().toList();
        for (int i = 0; i < all.size(); i++) {
            // which policy a point is hit under changes with the seed
            halves.get((int) (i + seed & 1)).add(all.get(i));
        }
        crash(seed, List.of(halves.get(0), halves.get(1)), List.of(SyncPolicy.OS, SyncPolicy.ALWAYS));
    }

    @Test
    @Tag("faults")
    @Tag("suite-crash")
    void nothingThatWasSaidIsTakenBackWhereverTheProcessEndsInTheLongRun() throws Exception {
        long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
        List<Trial> all = Trial.all().toList();
        SyncPolicy[] policies = SyncPolicy.values();
        List<List<Trial>> trials = new ArrayList<>();
        List<SyncPolicy> syncs = new ArrayList<>();
        for (int round = 0; round < LONG_ROUNDS; round++) {
            trials.add(all);
            syncs.add(policies[round % policies.length]);
        }
        crash(seed, trials, syncs);
    }

    /** Two chains at a time. */
    private void crash(long seed, List<List<Trial>> trials, List<SyncPolicy> syncs) throws Exception {
        long startNanos = System.nanoTime();
        ExecutorService two = Executors.newFixedThreadPool(2);
        Set<Trial> hit = new LinkedHashSet<>();
        int crashes = 0;
        int inRecoveryOfRecovery = 0;
        try {
            List<Future<CrashChain>> running = new ArrayList<>();
            for (int i = 0; i < trials.size(); i++) {
                Path own = Files.createDirectory(folder.resolve("chain-" + i));
                CrashChain chain = new CrashChain(own, classes, syncs.get(i), seed + i);
                List<Trial> its = trials.get(i);
                running.add(two.submit(() -> {
                    chain.run(its);
                    return chain;
                }));
            }
            for (Future<CrashChain> each : running) {
                CrashChain chain = each.get();
                LOG.info("{}, holdfast.seed={}", chain.figures(), seed);
                hit.addAll(chain.hit());
                crashes += chain.hit().size();
                inRecoveryOfRecovery += chain.inRecoveryOfRecovery();
            }
        } finally {
            two.shutdownNow();
            assertThat(two.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        LOG.info(
                "points={}, points in phases={}, crashes={}, violations=0, seconds={}, holdfast.seed={}",
                CrashPoint.values().length,
                Trial.all().count(),
                crashes,
                (System.nanoTime() - startNanos) / 1_000_000_000,
                seed);
        assertThat(inRecoveryOfRecovery).as("holdfast.seed=%s", seed).isPositive();
        Set<Trial> never = new LinkedHashSet<>(Trial.all().toList());
        never.removeAll(hit);
        assertThat(never)
                .as("points where no process came, holdfast.seed=%s", seed)
                .isEmpty();
    }
}
