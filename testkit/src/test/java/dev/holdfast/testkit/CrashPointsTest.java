package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.CrashChain.Trial;
import dev.holdfast.testkit.CrashPoint.Phase;
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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node ends at each {@link CrashPoint} in each of its phases, the starts included that recover from another crash; then
 * I1-I7, I9, I10 and I14 are checked from what it said before each death. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
class CrashPointsTest {

    private static final Logger LOG = LoggerFactory.getLogger(CrashPointsTest.class);
    private static final int LONG_ROUNDS = Integer.getInteger("holdfast.trials", 5);

    @RegisterExtension
    static final Figures FIGURES = new Figures("crash");

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
        crash(seed, List.of(halves.get(0), halves.get(1)), List.of(SyncPolicy.OS, SyncPolicy.ALWAYS), false);
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
        Set<Trial> inRecoveryOfRecovery = crash(seed, trials, syncs, true);
        assertThat(inRecoveryOfRecovery)
                .as("points of a start that recovers from the crash of a recovery, holdfast.seed=%s", seed)
                .containsAll(all.stream()
                        .filter(trial -> trial.phase() == Phase.START)
                        .toList());
    }

    /**
     * Two chains at a time.
     *
     * @return what was hit in the recovery from a crash in a recovery
     */
    private Set<Trial> crash(long seed, List<List<Trial>> trials, List<SyncPolicy> syncs, boolean startsTwice)
            throws Exception {
        long startNanos = System.nanoTime();
        ExecutorService two = Executors.newFixedThreadPool(2);
        Set<Trial> hit = new LinkedHashSet<>();
        Set<Trial> inRecoveryOfRecovery = new LinkedHashSet<>();
        List<String> violations = new ArrayList<>();
        int crashes = 0;
        try {
            List<Future<CrashChain>> running = new ArrayList<>();
            for (int i = 0; i < trials.size(); i++) {
                Path own = Files.createDirectory(folder.resolve("chain-" + i));
                CrashChain chain = new CrashChain(own, classes, syncs.get(i), seed + i);
                List<Trial> its = trials.get(i);
                running.add(two.submit(() -> {
                    chain.run(its, startsTwice);
                    return chain;
                }));
            }
            for (Future<CrashChain> each : running) {
                CrashChain chain = each.get();
                LOG.info("{}, holdfast.seed={}", chain.figures(), seed);
                hit.addAll(chain.hit());
                inRecoveryOfRecovery.addAll(chain.hitInRecoveryOfRecovery());
                violations.addAll(chain.violations());
                crashes += chain.crashes();
                FIGURES.trials(chain.crashes());
                FIGURES.violations(chain.violations().size());
            }
        } finally {
            two.shutdownNow();
            assertThat(two.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
        LOG.info(
                "points in phases={}, of a start in the recovery from the crash of a recovery={}, crashes={}, violations={},"
                        + " seconds={}, holdfast.seed={}",
                Trial.all().count(),
                inRecoveryOfRecovery.size(),
                crashes,
                violations.size(),
                (System.nanoTime() - startNanos) / 1_000_000_000,
                seed);
        assertThat(violations).as("holdfast.seed=%s", seed).isEmpty();
        assertThat(inRecoveryOfRecovery).as("holdfast.seed=%s", seed).isNotEmpty();
        Set<Trial> never = new LinkedHashSet<>(Trial.all().toList());
        never.removeAll(hit);
        assertThat(never)
                .as("points where no process came, holdfast.seed=%s", seed)
                .isEmpty();
        return inRecoveryOfRecovery;
    }
}
