package dev.holdfast.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.testkit.Figures;
import dev.holdfast.testkit.sim.Totals.Count;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seeds of the simulator, and mistakes that it has to catch. The run for each commit begins with the same seeds and goes on with new
 * ones; the long one begins at 1,000,000. {@code -Dholdfast.seed=N} says where the new ones, or the long run, begin; a failing
 * seed prints the command that repeats it.
 */
class SimulationTest {

    private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);

    @RegisterExtension
    static final Figures FIGURES = new Figures("sim");

    private static final int SEEDS_FOR_A_MUTANT = 500;
    private static final int MUTANTS_PER_COMMIT = 4;

    private static final Duration PER_COMMIT = Duration.ofSeconds(45);

    /** Among them everything that has to happen does: far fewer than these have been enough. */
    private static final int MOST_FIXED_SEEDS = 200;

    /** What has to happen in any run of many seeds. */
    private static final Set<Count> NEVER_ZERO = EnumSet.of(
            Count.FAILOVERS,
            Count.TRUNCATIONS,
            Count.CATCH_UPS,
            Count.CHECKPOINTS,
            Count.DUPLICATES,
            Count.REPEATS,
            Count.HAND_OVERS,
            Count.SHRINKS,
            Count.EXPANDS,
            Count.INDETERMINATE,
            Count.POWER_LOSSES,
            Count.HOLES,
            Count.DAMAGED_LOGS,
            Count.STALE_DISKS,
            Count.RECOVERIES,
            Count.LOST);

    /** Each kind of fault has to change something. */
    private static final List<String> FAULTS = Arrays.stream(Fault.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .toList();

    @Test
    void oneSeed() {
        FIGURES.noTrial();
        long seed = Long.getLong("holdfast.seed", 1);
        Mutation mutation = Mutation.valueOf(System.getProperty("holdfast.mutation", Mutation.NONE.name()));
        SimulationResult result = Simulation.run(seed, mutation);
        SimulationResult again = Simulation.run(seed, mutation);
        assertThat(again.digest()).as("a seed decides every step").isEqualTo(result.digest());
        assertThat(again.totals()).hasToString(result.totals().toString());
    }

    @Test
    void aSeedThatFailsFailsInTheSameStepAgain() {
        FIGURES.noTrial();
        SimulationFailure first = failure(Mutation.ID_FROM_MEMORY);
        SimulationFailure again = failure(Mutation.ID_FROM_MEMORY);
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(again.rule()).isEqualTo(first.rule());
    }

    @Test
    void anotherSeedIsAnotherStory() {
        FIGURES.noTrial();
        assertThat(Simulation.run(1, Mutation.NONE).digest())
                .isNotEqualTo(Simulation.run(2, Mutation.NONE).digest());
    }

    private static SimulationFailure failure(Mutation mutation) {
        return catchThrowableOfType(SimulationFailure.class, () -> Simulation.run(1, mutation));
    }

    /** The last one: a member that stood still hears, after an accepted loss, that what is lost was committed. */
    @ParameterizedTest
    @ValueSource(longs = {12_004_946, 13_000_583, 1_796_038_066_907L})
    void seedsThatHadAViolationHaveNone(long seed) {
        assertThatCode(() -> Simulation.run(seed, Mutation.NONE)).doesNotThrowAnyException();
    }

    /** The first seeds are the same everywhere, until all has happened that has to; the rest of the time goes to new ones. */
    @Test
    void whateverHappensTheInvariantsHold() {
        Run run = new Run();
        long endNanos = run.startNanos + PER_COMMIT.toNanos();
        for (long seed = 1; seed <= MOST_FIXED_SEEDS && !run.problems().isEmpty(); seed++) {
            run.add(seed);
        }
        long fixed = run.seeds;
        long first = Long.getLong("holdfast.seed", System.currentTimeMillis());
        LOG.info("Seeds 1 to {} done, others from {} on", fixed, first);
        for (long seed = first; System.nanoTime() - endNanos < 0; seed++) {
            run.add(seed);
        }
        run.end("1 to " + fixed + ", from " + first);
    }

    @Test
    @Tag("faults")
    @Tag("suite-sim")
    void whateverHappensTheInvariantsHoldInTheLongRun() {
        Run run = new Run();
        Duration duration = Duration.ofMinutes(Integer.getInteger("holdfast.minutes", 60));
        long first = Long.getLong("holdfast.seed", 1_000_000);
        for (long seed = first; System.nanoTime() - run.startNanos - duration.toNanos() < 0; seed++) {
            run.add(seed);
        }
        run.end("from " + first);
    }

    private static final class Run {
        private final long startNanos = System.nanoTime();
        private final Totals totals = new Totals();
        private long seeds;

        void add(long seed) {
            FIGURES.trial();
            totals.add(Simulation.run(seed, Mutation.NONE).totals());
            seeds++;
        }

        /** What has to happen, and has not. */
        List<String> problems() {
            List<String> never = new ArrayList<>(FAULTS);
            never.removeAll(totals.faults().keySet());
            NEVER_ZERO.stream().filter(each -> totals.of(each) == 0).forEach(each -> never.add(each.name()));
            return never;
        }

        void end(String which) {
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            LOG.info(
                    "FIGURES sim seeds={} ({}), seconds={}, seeds/s={}, {}",
                    seeds,
                    which,
                    Math.round(seconds),
                    String.format(Locale.ROOT, "%.1f", seeds / seconds),
                    totals);
            assertThat(problems()).as("never in %s seeds: %s", seeds, totals).isEmpty();
        }
    }

    /** Four each day, the next four on the next. */
    @Test
    void someMistakesAreCaught() {
        FIGURES.noTrial();
        List<Mutation> all = new ArrayList<>(EnumSet.complementOf(EnumSet.of(Mutation.NONE)));
        int first = (int) (LocalDate.now(java.time.ZoneOffset.UTC).toEpochDay() * MUTANTS_PER_COMMIT % all.size());
        for (int i = 0; i < MUTANTS_PER_COMMIT; i++) {
            isCaught(all.get((first + i) % all.size()));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    @Tag("faults")
    @Tag("suite-sim")
    void everyMistakeIsCaught(Mutation mutation) {
        FIGURES.noTrial();
        isCaught(mutation);
    }

    /** Only by the harm that it has to do: that something else throws on the way proves nothing. */
    private static void isCaught(Mutation mutation) {
        Map<String, Integer> others = new TreeMap<>();
        for (int seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
            try {
                Simulation.run(seed, mutation);
            } catch (SimulationFailure e) {
                assertThat(e)
                        .hasMessageContaining("-Dholdfast.seed=" + seed)
                        .hasMessageContaining("-Dholdfast.mutation=" + mutation);
                if (mutation.caughtBy().contains(e.rule())) {
                    LOG.info("FIGURES sim mutation={}, caught by {}, seeds={}", mutation, e.rule(), seed);
                    LOG.info("mutation={}: {}", mutation, String.valueOf(e.getCause()));
                    return;
                }
                others.merge(e.rule(), 1, Integer::sum);
            }
        }
        throw new AssertionError("Not caught by " + mutation.caughtBy() + " within " + SEEDS_FOR_A_MUTANT + " seeds: "
                + mutation + ", but by " + others);
    }
}
