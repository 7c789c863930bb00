package dev.holdfast.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seeds of the simulator, and mistakes that it has to catch. {@code -Dholdfast.seed=N} is the first seed, so that every run may
 * look at others; a failing one prints the command that repeats it.
 */
class SimulationTest {

    private static final Logger LOG = LoggerFactory.getLogger(SimulationTest.class);
    private static final int SEEDS_FOR_A_MUTANT = 500;
    private static final int MUTANTS_PER_COMMIT = 4;

    /** The same on every machine. */
    private static final int SEEDS_PER_COMMIT = 200;

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
        long seed = Long.getLong("holdfast.seed", 1);
        Mutation mutation = Mutation.valueOf(System.getProperty("holdfast.mutation", Mutation.NONE.name()));
        SimulationResult result = Simulation.run(seed, mutation);
        Totals first = result.totals();
        assertThat(first.of(Count.EVENTS)).as("events").isGreaterThan(2_000);
        assertThat(first.of(Count.OPERATIONS)).as("operations").isGreaterThan(100);
        assertThat(first.of(Count.FAULTS)).as("faults").isGreaterThanOrEqualTo(3);
        SimulationResult again = Simulation.run(seed, mutation);
        assertThat(again.digest()).as("a seed decides every step").isEqualTo(result.digest());
        assertThat(again.totals()).hasToString(first.toString());
    }

    @Test
    void aSeedThatFailsFailsInTheSameStepAgain() {
        SimulationFailure first = failure(Mutation.ID_FROM_MEMORY);
        SimulationFailure again = failure(Mutation.ID_FROM_MEMORY);
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(again.rule()).isEqualTo(first.rule());
    }

    @Test
    void anotherSeedIsAnotherStory() {
        assertThat(Simulation.run(1, Mutation.NONE).digest())
                .isNotEqualTo(Simulation.run(2, Mutation.NONE).digest());
    }

    private static SimulationFailure failure(Mutation mutation) {
        return catchThrowableOfType(SimulationFailure.class, () -> Simulation.run(1, mutation));
    }

    @Test
    void whateverHappensTheInvariantsHold() {
        long first = Long.getLong("holdfast.seed", 1);
        seedsWhile(seed -> seed < first + SEEDS_PER_COMMIT, first);
    }

    @Test
    @Tag("faults")
    @Tag("suite-sim")
    void whateverHappensTheInvariantsHoldInTheLongRun() {
        Duration duration = Duration.ofMinutes(Integer.getInteger("holdfast.minutes", 60));
        long endNanos = System.nanoTime() + duration.toNanos();
        seedsWhile(seed -> System.nanoTime() - endNanos < 0, Long.getLong("holdfast.seed", 1_000_000));
    }

    private static void seedsWhile(LongPredicate goesOn, long firstSeed) {
        Totals totals = new Totals();
        long startNanos = System.nanoTime();
        long seed = firstSeed;
        while (goesOn.test(seed)) {
            Totals one = Simulation.run(seed, Mutation.NONE).totals();
            assertThat(one.of(Count.EVENTS)).as("events of seed %s", seed).isGreaterThan(2_000);
            assertThat(one.of(Count.OPERATIONS))
                    .as("operations of seed %s", seed)
                    .isGreaterThan(100);
            assertThat(one.of(Count.FAULTS)).as("faults of seed %s", seed).isGreaterThanOrEqualTo(3);
            totals.add(one);
            seed++;
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        long seeds = seed - firstSeed;
        LOG.info(
                "seeds={}, first={}, seconds={}, seeds/s={}, {}",
                seeds,
                firstSeed,
                Math.round(seconds),
                String.format(Locale.ROOT, "%.1f", seeds / seconds),
                totals);
        assertThat(totals.faults().keySet()).as("%s", totals).containsAll(FAULTS);
        for (Count each : NEVER_ZERO) {
            assertThat(totals.of(each))
                    .as("%s in %s seeds: %s", each, seeds, totals)
                    .isPositive();
        }
    }

    /** Four each day, the next four on the next. */
    @Test
    void someMistakesAreCaught() {
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
                    LOG.info("mutation={}, seeds={}: {}", mutation, seed, String.valueOf(e.getCause()));
                    return;
                }
                others.merge(e.rule(), 1, Integer::sum);
            }
        }
        throw new AssertionError("Not caught by " + mutation.caughtBy() + " within " + SEEDS_FOR_A_MUTANT + " seeds: "
                + mutation + ", but by " + others);
    }
}
