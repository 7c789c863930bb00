package dev.holdfast.node.partition;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.node.Figures;
import dev.holdfast.node.ledger.Reply;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Lincheck runs those who wait for a task against its end: whoever goes on waiting is told once, and the limit counts those who
 * wait and nobody else.
 */
@Timeout(600)
public class WaitersModelTest {

    @RegisterExtension
    static final Figures FIGURES = new Figures("concurrency");

    private static final int LONG_SCENARIOS = Integer.getInteger("holdfast.trials", 60);

    private static final long SEQUENCE = 7;
    private static final Reply ENDED = new Reply.Done(true);

    /** Waits as a partition has its callers wait: added first, then the task is looked at once more. */
    public static class Sound { // public: Lincheck makes it by reflection
        final WaiterLimit limit = new WaiterLimit(100);
        final Waiters waiters = new Waiters(limit);
        private final AtomicInteger added = new AtomicInteger();
        private final AtomicIntegerArray told = new AtomicIntegerArray(16);
        private final AtomicIntegerArray givenUp = new AtomicIntegerArray(16);
        volatile boolean ended;

        void lookAgain(Waiters.Waiter waiter) {
            if (ended) {
                waiter.tellNow(ENDED);
            }
        }

        private Waiters.Waiter add(int number) {
            Waiters.Waiter waiter = waiters.add(SEQUENCE, reply -> told.incrementAndGet(number));
            lookAgain(waiter);
            return waiter;
        }

        @Operation
        @SuppressWarnings("MustBeClosedChecker")
        public void await() {
            var unused = add(added.getAndIncrement());
        }

        @Operation
        public void awaitAndGiveUp() {
            int number = added.getAndIncrement();
            givenUp.set(number, 1);
            add(number).close();
        }

        @Operation(nonParallelGroup = "holder")
        public void end() {
            ended = true;
            waiters.tell(SEQUENCE, ENDED);
        }

        @Validate
        public void everybodyIsToldOnce() {
            int waiting = 0;
            for (int i = 0; i < added.get(); i++) {
                boolean waits = givenUp.get(i) == 0 && told.get(i) == 0;
                if (told.get(i) > 1 || (waits && ended)) {
                    throw new IllegalStateException("Told " + told.get(i) + " times: waiter=" + i + ", ended=" + ended);
                }
                waiting += waits ? 1 : 0;
            }
            if (limit.waiting() != waiting) {
                throw new IllegalStateException("counted=" + limit.waiting() + ", waiting=" + waiting);
            }
        }
    }

    /** Does not look again: has to be caught, or the test above shows nothing. */
    public static class Careless extends Sound {
        @Override
        void lookAgain(Waiters.Waiter waiter) {}

        @Override
        @Operation
        public void await() {
            if (!ended) {
                super.await();
            }
        }
    }

    private static ModelCheckingOptions options(int iterations, int invocations) {
        return new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(iterations)
                .invocationsPerIteration(invocations);
    }

    private static void check(Class<?> model, int scenarios, int orders) {
        FIGURES.trials(scenarios);
        options(scenarios, orders).check(model);
    }

    @Test
    void whoWaitsIsToldOnceAndCountedUntilThen() {
        check(Sound.class, 4, 200);
    }

    @Test
    void whoDoesNotLookAgainIsCaught() {
        FIGURES.noTrial();
        assertThatThrownBy(() -> options(10, 500).check(Careless.class)).hasStackTraceContaining("Told 0 times");
    }

    @Test
    @Tag("faults")
    @Tag("suite-concurrency")
    void whoWaitsIsToldOnceAndCountedUntilThenLong() {
        check(Sound.class, LONG_SCENARIOS, 2_000);
    }
}
