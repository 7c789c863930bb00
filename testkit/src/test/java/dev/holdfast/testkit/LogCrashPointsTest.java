package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.config.SyncPolicy;
import dev.holdfast.testkit.CrashPoint.Phase;
import dev.holdfast.testkit.CrashedLog.Crash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
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
 * A process ends at each {@link CrashPoint} of what is done to one log: a start that sets something aside or goes on behind a lost page
 * cache, a truncation, a checkpoint from elsewhere, a new epoch, a new membership. Then the log holds what it held before or what it was
 * to hold. {@code -Dholdfast.seed=N} repeats a run's choices.
 */
class LogCrashPointsTest {

    private static final Logger LOG = LoggerFactory.getLogger(LogCrashPointsTest.class);
    private static final int LONG_ROUNDS = Integer.getInteger("holdfast.trials", 5);

    @RegisterExtension
    static final Figures FIGURES = new Figures("crash");

    @TempDir
    Path folder;

    private final long seed = Long.getLong("holdfast.seed", new SplittableRandom().nextLong());
    private Path classes;

    /** What ends at one point, or at one and then, in the recovery from that, at another. */
    private record Trial(List<Crash> crashes) {
        Phase phase() {
            return crashes.get(0).phase();
        }
    }

    @BeforeEach
    void writeClasses() throws Exception {
        classes = Files.createDirectory(folder.resolve("classes"));
        CrashClasses.writeTo(classes);
    }

    @Test
    void aLogIsWhatItWasOrWhatItWasToBeWhereverTheProcessEnds() throws Exception {
        run(1, false);
    }

    @Test
    @Tag("faults")
    @Tag("suite-crash")
    void aLogIsWhatItWasOrWhatItWasToBeWhereverTheProcessEndsInTheLongRun() throws Exception {
        run(LONG_ROUNDS, true);
    }

    /** @param behindEachOther whether each start that sets something aside is ended a second time too, anywhere */
    private void run(int rounds, boolean behindEachOther) throws Exception {
        long startNanos = System.nanoTime();
        List<Callable<Set<Crash>>> all = new ArrayList<>();
        List<String> violations = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            SyncPolicy sync = SyncPolicy.values()[round % SyncPolicy.values().length];
            LogFixture any = fixture("any-" + round, sync, seed + round);
            // under always a page cache takes nothing along that was acknowledged
            LogFixture lossy = sync == SyncPolicy.ALWAYS ? fixture("os-" + round, SyncPolicy.OS, seed + round) : any;
            for (Trial trial : trials(behindEachOther && round == 0)) {
                int number = all.size();
                LogFixture its = trial.phase() == Phase.LOST_TAIL ? lossy : any;
                all.add(() -> run(trial, its, number, violations));
            }
        }
        Set<Crash> never = new LinkedHashSet<>(Crash.all());
        runTwoAtATime(all).forEach(never::removeAll);
        LOG.info(
                "processes={}, violations={}, seconds={}, holdfast.seed={}",
                all.size(),
                violations.size(),
                (System.nanoTime() - startNanos) / 1_000_000_000,
                seed);
        assertThat(violations).as("holdfast.seed=%s", seed).isEmpty();
        assertThat(never)
                .as("points where no process came, holdfast.seed=%s", seed)
                .isEmpty();
    }

    private LogFixture fixture(String name, SyncPolicy sync, long itsSeed) throws Exception {
        return LogFixture.make(Files.createDirectory(folder.resolve(name)), sync, itsSeed);
    }

    private static List<Trial> trials(boolean behindEachOther) {
        List<Trial> trials = new ArrayList<>();
        for (Crash first : Crash.all()) {
            trials.add(new Trial(List.of(first)));
            for (Crash second : behindEachOther ? Crash.all() : List.<Crash>of()) {
                boolean ofStart = first.phase() == Phase.LOST_TAIL || first.phase() == Phase.CUT_SHORT;
                if (ofStart && first.phase() == second.phase()) {
                    trials.add(new Trial(List.of(first, second)));
                }
            }
        }
        return trials;
    }

    /** @return where it ended */
    private Set<Crash> run(Trial trial, LogFixture fixture, int number, List<String> violations) throws Exception {
        Path own = folder.resolve("trial-" + number);
        CrashedLog log = new CrashedLog(fixture, own, trial.phase(), seed + number);
        Set<Crash> hit = new LinkedHashSet<>();
        for (Crash crash : trial.crashes()) {
            if (log.crash(classes, crash)) {
                hit.add(crash);
                FIGURES.trial();
            }
        }
        List<String> its = log.violations();
        FIGURES.violations(its.size());
        synchronized (violations) {
            its.forEach(violation -> violations.add(trial + ", sync=" + fixture.sync() + ": " + violation));
        }
        Directories.delete(own);
        return hit;
    }

    private static List<Set<Crash>> runTwoAtATime(List<Callable<Set<Crash>>> all) throws Exception {
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Set<Crash>> results = new ArrayList<>();
            for (Future<Set<Crash>> each : two.invokeAll(all)) {
                results.add(each.get());
            }
            return results;
        } finally {
            two.shutdownNow();
            assertThat(two.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
