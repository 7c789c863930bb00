package dev.holdfast.node.partition;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.Figures;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Lincheck runs posters and storage threads against each other, switching at every access to shared memory: when all have
 * ended, everything that was posted has been taken, or a drain is scheduled. One item per round, so that limits are reached.
 */
@Timeout(120)
public class DrainModelTest {

    @RegisterExtension
    static final Figures FIGURES = new Figures("concurrency");

    private static final int SCENARIOS = 5;

    /** A queue of which only the number of items matters. */
    private static final class Items implements Drain.Work {
        final AtomicInteger posted = new AtomicInteger();
        final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger holders = new AtomicInteger();

        @Override
        public boolean isDue() {
            return taken.get() < posted.get();
        }

        @Override
        public @Nullable Released round(@Nullable Released noted) {
            if (holders.incrementAndGet() != 1) {
                throw new IllegalStateException("Two hold the lock");
            }
            if (isDue()) {
                taken.incrementAndGet();
            }
            holders.decrementAndGet();
            return noted;
        }

        @Override
        public void tell(Released noted) {}
    }

    /** The lock as it is. */
    public static class Sound { // public: Lincheck makes it by reflection
        final Items items = new Items();
        final AtomicInteger scheduled = new AtomicInteger();
        final Drain drain;

        public Sound() {
            this(1);
        }

        Sound(int maxTurns) {
            drain = new Drain(items, task -> scheduled.incrementAndGet(), maxTurns);
        }

        @Operation
        public void post() {
            items.posted.incrementAndGet();
            drain.run();
        }

        @Validate
        public void nothingIsLeft() {
            if (items.isDue() && scheduled.get() == 0) {
                throw new IllegalStateException("Left behind: posted=" + items.posted + ", taken=" + items.taken);
            }
        }
    }

    /** Goes on after it has told. */
    public static class SoundInTurns extends Sound {
        public SoundInTurns() {
            super(2);
        }

        @Operation
        public void postBriefly() {
            items.posted.incrementAndGet();
            drain.runBriefly();
        }
    }

    /** Does not look again after the unlock: has to be caught, or the test above shows nothing. */
    public static class Careless {
        final Items items = new Items();
        private final AtomicInteger held = new AtomicInteger();

        @Operation
        public void post() {
            items.posted.incrementAndGet();
            if (held.compareAndSet(0, 1)) {
                while (items.isDue()) {
                    items.round(null);
                }
                held.set(0);
            }
        }

        @Validate
        public void nothingIsLeft() {
            if (items.isDue()) {
                throw new IllegalStateException("Left behind: posted=" + items.posted + ", taken=" + items.taken);
            }
        }
    }

    private static void check(Class<?> model) {
        FIGURES.trials(SCENARIOS);
        options().check(model);
    }

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(SCENARIOS)
                .invocationsPerIteration(1_000);
    }

    @Test
    void whatWasPostedHasAHolderOrAScheduledDrain() {
        check(Sound.class);
        check(SoundInTurns.class);
    }

    @Test
    void aHolderThatDoesNotLookAgainIsCaught() {
        FIGURES.noTrial();
        assertThatThrownBy(() -> options().check(Careless.class)).hasStackTraceContaining("Left behind");
    }
}
